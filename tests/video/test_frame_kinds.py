"""Folders of frames of several kinds, and masks that belong to their numbers."""

from pathlib import Path

import cv2
import numpy as np
import pytest

import vidinpaint
from vidinpaint import MaskError

PICTURE = np.dstack([np.full((24, 32), value, np.uint8) for value in (200, 90, 30)])
OPTIONS = {"config": "preview", "method": "telea", "runner": "serial"}


def frames(folder: Path, pictures: list[np.ndarray]) -> Path:
    folder.mkdir()
    for number, picture in enumerate(pictures, 1):
        cv2.imwrite(str(folder / f"f_{number:03d}.png"), picture)
    return folder


def test_a_grey_first_frame_leaves_the_others_in_colour(tmp_path: Path) -> None:
    source = frames(tmp_path / "in", [PICTURE[..., 0], PICTURE, PICTURE])
    report = vidinpaint.inpaint(source, "4,4,6,6", tmp_path / "out", **OPTIONS)
    assert any("differ in kind" in note for note in report.notes)
    assert np.array_equal(cv2.imread(str(tmp_path / "out" / "f_002.png"))[12:], PICTURE[12:])


def test_masks_belong_to_the_frames_of_their_numbers(tmp_path: Path) -> None:
    source = frames(tmp_path / "in", [PICTURE] * 4)
    mask = np.zeros((24, 32), np.uint8)
    mask[4:10, 4:10] = 255
    masks = frames(tmp_path / "masks", [mask] * 4)
    (masks / "f_002.png").rename(masks / "f_009.png")
    with pytest.raises(MaskError, match=r"2"):
        vidinpaint.inpaint(source, masks, tmp_path / "out", **OPTIONS)
    assert not (tmp_path / "out").exists()


def test_a_mask_among_the_frames_is_refused(tmp_path: Path) -> None:
    source = frames(tmp_path / "in", [PICTURE, PICTURE])
    cv2.imwrite(str(source / "logo.png"), np.pad(np.full((6, 6), 255, np.uint8), ((4, 14), (4, 22))))
    with pytest.raises(MaskError, match=r"'logo.png', which lies among the frames"):
        vidinpaint.inpaint(source, source / "logo.png", tmp_path / "out", **OPTIONS)
    assert not (tmp_path / "out").exists()
