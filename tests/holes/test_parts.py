"""Boxes round parts of holes, and grown holes."""

import numpy as np
import pytest

from vidinpaint.errors import SettingError
from vidinpaint.holes.grow import check_grow, grow_hole
from vidinpaint.holes.parts import MOST, part_boxes
from vidinpaint.window import Box


def test_boxes_are_tight() -> None:
    hole = np.zeros((100, 200), bool)
    assert part_boxes(hole) == ()
    hole[10:21, 30:47] = True
    assert part_boxes(hole) == (Box(30, 10, 17, 11),)
    hole[70, 199] = True
    assert part_boxes(hole) == (Box(30, 10, 17, 11), Box(199, 70, 1, 1))
    assert part_boxes(np.ones((5, 7), bool)) == (Box(0, 0, 7, 5),)


def test_near_parts_share_a_box() -> None:
    hole = np.zeros((60, 60), bool)
    hole[10:20, 10:20] = hole[22:30, 22:30] = True
    assert part_boxes(hole) == (Box(10, 10, 20, 20),)


def test_confetti_is_bounded_and_covered() -> None:
    hole = np.random.default_rng(0).random((300, 500)) < 0.001
    boxes = part_boxes(hole)
    covered = np.zeros_like(hole)
    for box in boxes:
        covered[box.slices] = True
    assert 1 <= len(boxes) <= MOST
    assert covered[hole].all()


@pytest.mark.parametrize("pixels", [0, 1, 2, 7, 40])
def test_growth_is_a_disc(pixels: int) -> None:
    hole = np.zeros((50, 60), bool)
    hole[20, 25] = hole[0, 59] = True
    before = hole.copy()
    y, x = np.mgrid[:50, :60]
    near = np.minimum((y - 20) ** 2 + (x - 25) ** 2, y**2 + (x - 59) ** 2)
    np.testing.assert_array_equal(grow_hole(hole, pixels), near <= pixels**2)
    np.testing.assert_array_equal(hole, before)


def test_nothing_and_everything_do_not_grow() -> None:
    assert not grow_hole(np.zeros((9, 9), bool), 3).any()
    assert grow_hole(np.ones((9, 9), bool), 3).all()
    for absurd in (-1, 1001):
        with pytest.raises(SettingError):
            check_grow(absurd)
