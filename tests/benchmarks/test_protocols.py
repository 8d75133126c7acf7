"""The benchmark of published protocols: exact figures, resuming, budgets, failures, sheets."""

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import protocol_rows
import protocols
import pytest

from vidinpaint.inpainters.interface import ImageInpainter

SIZE = 32
KINDS = ("half", "box")


class Grey(ImageInpainter):
    """Inpaints with grey and counts how often."""

    calls = 0

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        self.calls += 1
        return np.full_like(image, 0.5)


class Failing(Grey):
    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        super().inpaint(image, mask)
        raise ValueError("not today")


def benchmark(folder: Path, inpainters: dict[str, Any], photos: int = 3, **options: Any) -> protocols.Benchmark:
    random = np.random.default_rng(0)
    pictures = {f"photo{i}": random.integers(0, 256, (SIZE, SIZE, 3), np.uint8) for i in range(photos)}
    return protocols.Benchmark(inpainters, pictures, KINDS, SIZE, 0, folder / "rows.csv", {}, **options)


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    first, second = Grey(), Grey()
    benchmark(tmp_path, {"grey": first}, photos=2).run()
    path = tmp_path / "rows.csv"
    whole = path.read_text()
    path.write_text(whole[:-20])  # interrupted while the last row was written
    benchmark(tmp_path, {"grey": second}).run()
    assert first.calls == 4
    assert second.calls == 3  # the last row, and the new photo
    rows = protocol_rows.read(path)
    assert len(rows) == len(path.read_text().splitlines()) - 1 == 6
    assert path.read_text().startswith(whole[: whole.rstrip().rfind("\n")])


def test_a_finished_run_measures_nothing(tmp_path: Path) -> None:
    benchmark(tmp_path, {"grey": Grey()}).run()
    again = Grey()
    benchmark(tmp_path, {"grey": again}).run()
    assert again.calls == 0


def test_other_weights_are_measured_again_and_replace_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for weights in ("old", "new"):
        monkeypatch.setattr(protocols, "weights_of", lambda method, weights=weights: weights)
        benchmark(tmp_path, {"grey": Grey()}).run()
    rows = protocol_rows.read(tmp_path / "rows.csv")
    assert len(rows) == 12
    assert {case.weights for case in protocol_rows.newest(rows, SIZE, 0)} == {"new"}
    assert not protocol_rows.newest(rows, SIZE, 1)


def test_a_method_stops_when_its_time_is_spent(tmp_path: Path) -> None:
    stopped, other = Grey(), Grey()
    benchmark(tmp_path, {"stopped": stopped, "other": other}, budget=1e-9).run()
    assert (stopped.calls, other.calls) == (1, 1)
    benchmark(tmp_path, {"stopped": stopped, "other": other}, budget=1e-9).run()
    assert (stopped.calls, other.calls) == (1, 1)  # earlier runs count


def test_a_failing_method_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    failing = Failing()
    failures = benchmark(tmp_path, {"failing": failing, "grey": Grey()}).run()
    assert failures == [f"failing, {kind}, photo0: ValueError: not today" for kind in KINDS]
    assert failing.calls == len(KINDS)  # each kind of mask once
    assert {case.method for case in protocol_rows.read(tmp_path / "rows.csv")} == {"grey"}


def test_sheets_of_the_first_photos_are_drawn_later_too(tmp_path: Path) -> None:
    benchmark(tmp_path, {"grey": Grey()}).run()
    rows, sheet = (tmp_path / "rows.csv").read_text(), tmp_path / "sheets"
    again = Grey()
    benchmark(tmp_path, {"grey": again}, sheet=sheet, sheet_photos=1).run()
    assert sorted(path.name for path in sheet.glob("*.png")) == ["photo0_box.png", "photo0_half.png"]
    assert again.calls == len(KINDS)
    assert (tmp_path / "rows.csv").read_text() == rows  # nothing was measured a second time
    benchmark(tmp_path, {"grey": again}, sheet=sheet, sheet_photos=1).run()
    assert again.calls == len(KINDS)


def test_figures_are_of_the_masked_pixels_only() -> None:
    truth = np.full((SIZE, SIZE, 3), 100, np.uint8)
    mask = np.zeros((SIZE, SIZE), bool)
    mask[8:16, 8:16] = True
    result = np.where(mask[..., None], np.uint8(151), truth)
    figures = protocols.compare(result, truth, mask, {"deep_feature_distance": lambda *_: 0.5}, 2.0)
    assert figures.l1 == pytest.approx(51 / 255)
    assert figures.psnr == pytest.approx(20 * math.log10(5))
    assert 0 < figures.ssim < 0.99
    assert (figures.deep_feature_distance, figures.lpips_alex, figures.seconds) == (0.5, None, 2.0)
    assert protocols.compare(truth, truth, mask, {}, 0).psnr == math.inf


def test_photos_are_scaled_and_cropped_in_the_middle(tmp_path: Path) -> None:
    photo = np.zeros((100, 200, 3), np.uint8)
    photo[:, 50:150] = 200
    cv2.imwrite(str(tmp_path / "a.png"), photo)
    cv2.imwrite(str(tmp_path / "b.png"), photo)
    photos = protocols.load_photos(tmp_path, 50, 1)
    assert list(photos) == ["a"]
    assert photos["a"].shape == (50, 50, 3)
    assert (photos["a"] == 200).all()


def test_a_folder_without_photos_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="expected photos"):
        protocols.load_photos(tmp_path, 50, None)


def test_methods_that_cannot_run_are_listed_with_their_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    assert list(protocols.available_inpainters(["telea", "lama"])) == ["telea"]
    assert "left out: lama: expected weights for lama, found none." in capsys.readouterr().err


def test_a_file_of_other_columns_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SystemExit, match="give another --output"):
        protocol_rows.read(tmp_path / "rows.csv")


def test_weights_are_known_by_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def content(method: str) -> str:
        return protocols.weights_of.__wrapped__(method)

    file, folder = tmp_path / "one.safetensors", tmp_path / "pipeline"
    (folder / "unet").mkdir(parents=True)
    inside = folder / "unet" / "weights"
    file.write_bytes(b"a")
    inside.write_bytes(b"a")
    known = {"one": [file], "folder": [folder], "structure": [file]}
    monkeypatch.setattr(protocols, "weights_named", lambda names: known.get(names[0], []))
    assert content("telea") == ""
    assert content("one") == content("guided_patchmatch") != ""
    before = content("folder")
    inside.write_bytes(b"b")
    assert content("folder") != before
