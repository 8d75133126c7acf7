"""One natural order for frames, masks and clips, so that every frame gets its own mask."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidinpaint.core.natural_order import natural_order
from vidinpaint.execution.storage.places import find
from vidinpaint.masks.masks import open_masks
from vidinpaint.masks.specs import mask_specs
from vidinpaint.video.readers import open_reader

NAMES = ("B1", "a10", "a2", "A1", "b03", "C", "a02", "10", "9")
IN_ORDER = ["9", "10", "A1", "a02", "a2", "a10", "B1", "b03", "C"]


def test_numbers_by_value_and_letters_without_case() -> None:
    assert natural_order(NAMES) == IN_ORDER
    assert natural_order(map(Path, NAMES)) == list(map(Path, IN_ORDER))
    assert natural_order(["x", "X", "²", "٣", ""]) == ["", "٣", "X", "x", "²"]


@pytest.mark.parametrize("swapped", [False, True])
def test_frames_and_masks_pair_up(tmp_path: Path, swapped: bool) -> None:
    """Frame and mask of one name propagate the same grey value, whatever order the folders were written in."""
    for folder in ("frames", "masks"):
        (tmp_path / folder).mkdir()
    names = list(enumerate(NAMES))
    for index, name in names[::-1] if swapped else names:
        cv2.imwrite(str(tmp_path / "frames" / f"{name}.png"), np.full((8, 16, 3), 10 * index, np.uint8))
        mask = np.zeros((8, 16), np.uint8)
        mask[:, index] = 255
        cv2.imwrite(str(tmp_path / "masks" / f"{name}.png"), mask)
    pts = np.arange(len(NAMES))
    with open_reader(tmp_path / "frames") as reader:
        frames = reader.read(pts, 0, len(pts)).planes[0]
    masks = open_masks(mask_specs(tmp_path / "masks"), 16, 8, pts, Fraction(1, 25)).read(0, len(pts))
    for frame, mask in zip(frames, masks):
        assert mask[:, frame[0, 0] // 10].all()
    assert [int(frame[0, 0]) // 10 for frame in frames] == [NAMES.index(name) for name in IN_ORDER]


def test_a_pattern_finds_clips_in_natural_order(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.mp4").touch()
    assert [Path(found).stem for found in find(str(tmp_path / "*.mp4"))] == IN_ORDER
