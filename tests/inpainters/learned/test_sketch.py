"""A sketch that the fill follows, and the command line's words for it and for samples."""

import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.images.files import write
from tests.scenes import texture
from tests.small_networks import small_network
from vidinpaint.cli import main
from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.images.reading import read_image_file
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.gated_conv import GatedConv
from vidinpaint.weights.loading import save_weights

SIZE = (90, 300)


@pytest.fixture
def scene(tmp_path: Path) -> tuple[np.ndarray, np.ndarray, Path]:
    image, mask = texture(*SIZE), np.zeros(SIZE, bool)
    mask[20:40, 60:90] = True
    lines = np.zeros(SIZE, np.uint8)
    cv2.line(lines, (0, 30), (299, 30), 255, 2)
    cv2.imwrite(str(tmp_path / "lines.png"), lines)
    return image, mask, tmp_path / "lines.png"


def test_the_result_follows_the_sketch(
    scene: tuple[np.ndarray, np.ndarray, Path], small_weights: dict[str, dict[str, Any]]
) -> None:
    image, mask, lines = scene
    plain = inpaint_array(GatedConv(**small_weights["gated_conv"]), image, mask)
    drawn = inpaint_array(GatedConv(**small_weights["gated_conv"], sketch=str(lines)), image, mask)
    assert not np.array_equal(drawn[mask], plain[mask])
    assert np.array_equal(drawn[~mask], image[~mask])
    cv2.imwrite(str(lines), np.zeros(SIZE, np.uint8))
    empty = inpaint_array(GatedConv(**small_weights["gated_conv"], sketch=str(lines)), image, mask)
    assert np.abs(empty - plain).max() < 1e-5  # the network sees the same surroundings with and without a sketch


def test_wrong_sketches(
    scene: tuple[np.ndarray, np.ndarray, Path], small_weights: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    image, mask, lines = scene
    weights = small_weights["gated_conv"]
    with pytest.raises(ImageError, match="300 x 90"):
        inpaint_array(
            GatedConv(**weights, sketch=str(write(tmp_path / "small.png", np.zeros((9, 9), np.uint8)))), image, mask
        )
    (tmp_path / "words.png").write_text("words")
    (tmp_path / "empty.png").touch()
    for name in ("nowhere.png", "words.png", "empty.png"):
        with pytest.raises(ImageError, match="cannot be read"):
            inpaint_array(GatedConv(**weights, sketch=str(tmp_path / name)), image, mask)
    network = type(small_network("gated_conv"))(8)  # type: ignore[call-arg, arg-type]
    save_weights(tmp_path / "a.safetensors", "gated_generator", {"width": 8}, network.state_dict())
    with pytest.raises(SettingError, match="trained with sketches"):
        inpaint_array(GatedConv(weights=str(tmp_path / "a.safetensors"), sketch=str(lines)), image, mask)


def test_on_the_command_line(
    scene: tuple[np.ndarray, np.ndarray, Path], small_weights: dict[str, dict[str, Any]], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    part = np.s_[10:50, 40:110]  # RePaint takes its time for large pictures
    image, mask = scene[0][part], scene[1][part]
    lines = write(tmp_path / "lines.png", cv2.imread(str(scene[2]), cv2.IMREAD_GRAYSCALE)[part])
    photo, mask_file = write(tmp_path / "photo.png", (image * 255).astype(np.uint8)), tmp_path / "mask_file.png"
    write(mask_file, mask.astype(np.uint8) * 255)

    def run(*words: object) -> int:
        return main([str(word) for word in ("image", photo, "--mask", mask_file, "-o", tmp_path / "out.png", *words)])

    weights = small_weights["gated_conv"]["weights"]
    assert run("--method", "gated_conv", "--set", f"weights={weights}", "--sketch", lines) == 0
    assert np.array_equal(read_image_file(tmp_path / "out.png").pixels[~mask], read_image_file(photo).pixels[~mask])
    assert run("--method", "harmonic", "--sketch", lines, "--overwrite") == 2
    assert run("--compare", "harmonic", "--sketch", lines, "--overwrite") == 2
    capsys.readouterr()
    settings = [word for key, value in small_weights["repaint"].items() for word in ("--set", f"{key}={value}")]
    assert run("--method", "repaint", "--samples", 2, *settings) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"result: .*(out-\d\.png)", shown) == ["out-1.png", "out-2.png"]
    first, second = (read_image_file(tmp_path / f"out-{number}.png").pixels for number in (1, 2))
    assert not np.array_equal(first, second)
    assert run("--method", "repaint", "--samples", 2, *settings) == 2  # they exist


def test_missing_weights_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("vidinpaint.weights.catalogue.BUNDLED_FOLDER", tmp_path)
    photo = write(tmp_path / "photo.png", (texture(32, 32) * 255).astype(np.uint8))
    words = ["image", str(photo), "--mask", "5,5,9,9", "--method", "partial_conv", "-o", str(tmp_path / "out.png")]
    assert main([*words, "--quiet"]) == 2
    shown = capsys.readouterr().err.strip().splitlines()
    assert len(shown) == 1
    assert "1000000.pth from https://github.com/naoto0804" in shown[0]
    assert not (tmp_path / "out.png").exists()
