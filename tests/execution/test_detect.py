"""`vidinpaint.detect`: the masks go back into `inpaint`; a list and a contact sheet lie beside them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.stages.test_detect import White
from vidinpaint.core.errors import MaskError, OutputError, SettingError
from vidinpaint.execution import detect as module
from vidinpaint.masks.specs import MaskSpec


@pytest.fixture(autouse=True)
def white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "parse_mask", lambda text: MaskSpec(White()))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    frames = np.random.default_rng(1).integers(0, 200, (6, 40, 56, 3), np.uint8)
    frames[2:5, 10:14, 20:30] = 255
    folder = tmp_path / "clip"
    folder.mkdir()
    for t, frame in enumerate(frames):
        cv2.imwrite(str(folder / f"shot_{t + 7:03d}.png"), frame)
    return folder


@pytest.mark.parametrize("name", ["masks", "masks.mkv"])
def test_masks_go_back_in(clip: Path, tmp_path: Path, name: str) -> None:
    found = vidinpaint.detect(clip, tmp_path / name, what="mark")
    assert len(found.detections) == len(found.lines) == 3
    assert found.lines[0] == "mark  0.08 to 0.12 s  20,10,10,4  confidence 1.00"
    values = json.loads((tmp_path / "masks.json").read_text())
    assert (values["width"], values["height"], values["frames"]) == (56, 40, 6)
    assert values["detections"][1] == {
        "kind": "mark", "text": "", "confidence": 1.0, "start": 3, "stop": 4, "start_seconds": 0.12,
        "stop_seconds": 0.16, "box": [20, 10, 10, 4], "path": [], "mask_pixels": 40,
    }  # fmt: skip
    sheet = cv2.imread(str(tmp_path / "masks.jpg"))
    assert sheet is not None
    assert min(sheet.shape[:2]) > 100
    vidinpaint.inpaint(clip, tmp_path / name, tmp_path / "clean")
    for t in range(6):
        before, after = (cv2.imread(str(folder / f"shot_{t + 7:03d}.png")) for folder in (clip, tmp_path / "clean"))
        assert (before != after).any(-1).sum() == (40 if 2 <= t < 5 else 0)


def test_masks_have_the_numbers_of_their_frames(clip: Path, tmp_path: Path) -> None:
    vidinpaint.detect(clip, tmp_path / "masks", what="mark")
    assert sorted(file.name for file in (tmp_path / "masks").iterdir()) == [f"shot_{t:03d}.png" for t in range(7, 13)]


def test_nothing_found_is_an_answer(clip: Path, tmp_path: Path) -> None:
    assert vidinpaint.detect(clip, tmp_path / "masks", what="mark", end=0.08).lines == []
    assert json.loads((tmp_path / "masks.json").read_text())["detections"] == []
    assert not (tmp_path / "masks.jpg").exists()
    assert not cv2.imread(str(tmp_path / "masks" / "shot_007.png")).any()


def test_nothing_is_replaced_unasked(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "masks.json").write_text("mine")
    with pytest.raises(OutputError, match="exists"):
        vidinpaint.detect(clip, tmp_path / "masks", what="mark")
    assert (tmp_path / "masks.json").read_text() == "mine"
    vidinpaint.detect(clip, tmp_path / "masks", what="mark", overwrite=True)
    vidinpaint.detect(clip, tmp_path / "masks", what="mark", overwrite=True)


def test_what_cannot_be_written_or_does_not_search_is_refused(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingError, match="FFV1"):
        vidinpaint.detect(clip, tmp_path / "masks.mp4", what="mark")
    monkeypatch.undo()
    with pytest.raises(MaskError, match="searches the clip"):
        vidinpaint.detect(clip, tmp_path / "masks", what=str(clip))
