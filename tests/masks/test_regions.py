"""Parts of the masks that stay the same, and masks with other parts instead."""

from fractions import Fraction

import numpy as np
import pytest

from vidinpaint.core.window import Box
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.regions import Region, replaced, still_regions
from vidinpaint.masks.specs import MaskSpec

WIDTH, HEIGHT, COUNT = 120, 60, 40


def _masks(array: np.ndarray, *boxes: MaskSpec, grow: int = 0) -> Masks:
    return open_masks([MaskSpec(array), *boxes], WIDTH, HEIGHT, np.arange(COUNT), Fraction(1, 25), grow=grow)


@pytest.fixture
def moving() -> np.ndarray:
    """A part that moves, and one that stays for the frames 10:30."""
    array = np.zeros((COUNT, HEIGHT, WIDTH), bool)
    for t in range(COUNT):
        array[t, 2:8, t : t + 6] = True
    array[10:30, 40:50, 80:100] = True
    return array


def test_parts_that_stay_are_found(moving: np.ndarray) -> None:
    box = MaskSpec(Box(10, 40, 8, 5), Fraction(1), None)
    one, two = still_regions(_masks(moving, box), 12)
    assert (one.box, one.start, one.stop, one.mask.all()) == (Box(80, 40, 20, 10), 10, 30, True)
    assert (two.box, two.start, two.stop, two.mask.shape) == (Box(10, 40, 8, 5), 25, COUNT, (5, 8))
    assert [region.start for region in still_regions(_masks(moving, box), 16)] == [10]


def test_parts_that_change_within_their_box_are_not_the_same(moving: np.ndarray) -> None:
    moving[20, 41:49, 81:99] = False
    assert still_regions(_masks(moving), 5) == []


@pytest.mark.parametrize("grow", [0, 2])
def test_other_parts_instead(moving: np.ndarray, grow: int) -> None:
    masks = _masks(moving, MaskSpec(Box(10, 40, 8, 5), Fraction(1), None), grow=grow)
    regions = still_regions(masks, 12)
    news = [Region(Box(r.box.x + 1, r.box.y, 3, 2), r.start, r.stop, np.ones((2, 3), bool)) for r in regions]
    other = replaced(masks, list(zip(regions, news)))
    expected = masks.read(0, COUNT).copy()
    for old, new in zip(regions, news):
        expected[old.start : old.stop, *old.box.slices] = False
        expected[new.start : new.stop, *new.box.slices] = True
    np.testing.assert_array_equal(other.read(0, COUNT), expected)
    np.testing.assert_array_equal(other.read(7, 12), expected[7:12])
    for t in (9, 10, 27, 39):
        assert other.share(t) == expected[t].mean()


def test_still_masks_stay_still() -> None:
    masks = open_masks([MaskSpec(Box(10, 10, 30, 20))], WIDTH, HEIGHT, np.arange(COUNT), Fraction(1, 25))
    (region,) = still_regions(masks, 12)
    other = replaced(masks, [(region, Region(Box(12, 11, 3, 3), 0, COUNT, np.ones((3, 3), bool)))])
    assert other.boxes(0) is other.boxes(COUNT - 1)
    assert other.boxes(0) == (Box(12, 11, 3, 3),)
