"""Model cards: contents of a run's folder, and metrics of compared methods."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.drawn import draw_photos
from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.training.card import Run as Folder
from vidinpaint.training.card import card, main
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.held_out_metrics import held_out_metrics
from vidinpaint.training.trainer import Trainer
from vidinpaint.training.training_settings import Training


class Perfect(ImageInpainter):
    """Returns the truth of one photo."""

    def __init__(self, truth: np.ndarray) -> None:
        self.truth = truth

    def margin(self, height: int, width: int) -> int:
        return 1000

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        return self.truth


class Off(Perfect):
    """Returns the truth, brighter by 0.1."""

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        return self.truth + np.float32(0.1)


def test_metrics_equal_values_computed_by_hand(tmp_path: Path) -> None:
    photos = Photos(draw_photos(tmp_path / "photos", 1))
    truth = photos.centre(0, 64, 64) * np.float32(0.8)

    class Dimmed(Photos):
        def centre(self, number: int, height: int, width: int) -> np.ndarray:
            return truth

    metrics = held_out_metrics({"perfect": Perfect(truth), "off": Off(truth)}, Dimmed(photos.folder), 3, 64)
    assert metrics["perfect"].l1 == 0
    assert metrics["perfect"].ssim == pytest.approx(1)
    assert metrics["off"].l1 == pytest.approx(0.1, abs=1e-5)
    assert metrics["off"].psnr == pytest.approx(20, abs=1e-3)
    assert 0.5 < metrics["off"].ssim < 1


def test_a_card_has_data_settings_curve_and_metrics(tmp_path: Path) -> None:
    train, val = draw_photos(tmp_path / "train", 3), draw_photos(tmp_path / "val", 2)
    settings = {"photos": train, "validation": val, "size": 32, "batch_size": 1, "held_out": 2, "width": 8}
    recipe = build("recipes", "gated_conv", settings)
    Trainer("gated_conv", recipe, Training(steps=1, threads=1, device="cpu"), tmp_path / "run").run(quiet=True)
    rows = [f"{10 * row},{20 * row}.5,{0.5 / (row + 1)}" for row in range(31)]  # as of a longer run
    (tmp_path / "run" / "validation.csv").write_text("\n".join(["step,seconds,mask_l1", *rows]), encoding="utf-8")
    main([str(tmp_path / "run"), "--photos", val, "--size", "48", "-o", str(tmp_path / "card.md")])
    text = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert text.startswith("# gated_conv: own small weights\n")
    assert '[gated_conv] size = 32; batch_size = 1; kinds = "irregular,irregular,free_form,box"' in text
    assert train not in text
    assert "300 steps in 600 seconds on 1 core(s)" in text
    curve = text.split("## Curve")[1].split("##")[0].splitlines()
    assert len([line for line in curve if line.startswith("| ")]) == 2 + 12
    assert any(line.startswith("| 300 | 600.5 | 0.01613 |") for line in curve)
    for name in ("gated_conv", "harmonic", "telea", "patchmatch"):
        assert f"\n| {name} | 0." in text
    assert card(Folder.read(tmp_path / "run")) in text


def test_a_folder_without_a_run_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="train -o"):
        Folder.read(tmp_path)
