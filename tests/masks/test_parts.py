"""Boxes round parts of masks, and grown masks."""

import numpy as np
import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.window import Box
from vidinpaint.masks.morphology import check_grow, dilate
from vidinpaint.masks.parts import MOST, part_boxes


def test_boxes_are_tight() -> None:
    mask = np.zeros((100, 200), bool)
    assert part_boxes(mask) == ()
    mask[10:21, 30:47] = True
    assert part_boxes(mask) == (Box(30, 10, 17, 11),)
    mask[70, 199] = True
    assert part_boxes(mask) == (Box(30, 10, 17, 11), Box(199, 70, 1, 1))
    assert part_boxes(np.ones((5, 7), bool)) == (Box(0, 0, 7, 5),)


def test_near_parts_share_a_box() -> None:
    mask = np.zeros((60, 60), bool)
    mask[10:20, 10:20] = mask[22:30, 22:30] = True
    assert part_boxes(mask) == (Box(10, 10, 20, 20),)


def test_confetti_is_bounded_and_covered() -> None:
    mask = np.random.default_rng(0).random((300, 500)) < 0.001
    boxes = part_boxes(mask)
    covered = np.zeros_like(mask)
    for box in boxes:
        covered[box.slices] = True
    assert 1 <= len(boxes) <= MOST
    assert covered[mask].all()


@pytest.mark.parametrize("pixels", [0, 1, 2, 7, 40])
def test_growth_is_a_disc(pixels: int) -> None:
    mask = np.zeros((50, 60), bool)
    mask[20, 25] = mask[0, 59] = True
    before = mask.copy()
    y, x = np.mgrid[:50, :60]
    near = np.minimum((y - 20) ** 2 + (x - 25) ** 2, y**2 + (x - 59) ** 2)
    np.testing.assert_array_equal(dilate(mask, pixels), near <= pixels**2)
    np.testing.assert_array_equal(mask, before)


def test_nothing_and_everything_do_not_grow() -> None:
    assert not dilate(np.zeros((9, 9), bool), 3).any()
    assert dilate(np.ones((9, 9), bool), 3).all()
    for absurd in (-1, 1001):
        with pytest.raises(SettingError):
            check_grow(absurd)
