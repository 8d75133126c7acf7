"""Crops hold all masks with their margins, do not overlap, and have their edges on even pixels."""

from itertools import combinations

import numpy as np
import pytest

from vidinpaint.core.window import Box
from vidinpaint.planning.crops import MIN_SIDE, find_crops


def test_exact_answers() -> None:
    assert find_crops([(), ()], 640, 360, 64) == ()
    assert find_crops([(Box(200, 100, 100, 20),)], 640, 360, 64) == (Box(136, 36, 228, 148),)
    assert find_crops([(Box(201, 101, 300, 20),)], 641, 361, 10) == (Box(50, 46, 592 - 1, 130),)


def test_tiny_masks_get_at_least_128_pixels_where_the_frame_allows() -> None:
    assert find_crops([(Box(0, 0, 2, 2),)], 640, 360, 4) == (Box(0, 0, 128, 128),)
    assert find_crops([(Box(638, 358, 2, 2),)], 640, 360, 4) == (Box(512, 232, 128, 128),)
    assert find_crops([(Box(30, 30, 2, 2),)], 65, 99, 4) == (Box(0, 0, 65, 99),)


def test_two_far_logos_stay_two_and_near_ones_join() -> None:
    far = (Box(10, 10, 60, 30), Box(1200, 660, 60, 30))
    assert len(find_crops([far] * 5, 1280, 720, 64)) == 2
    near = (Box(10, 10, 60, 30), Box(150, 10, 60, 30))
    assert len(find_crops([near], 1280, 720, 64)) == 1


def test_boxes_side_by_side_join_because_one_crop_costs_no_more() -> None:
    left, right = Box(100, 100, 64, 64), Box(228 + 64, 100, 64, 64)
    assert find_crops([(left, right)], 1280, 720, 64) == (Box(36, 36, 384, 192),)


def test_a_moving_mask_is_followed() -> None:
    masks = [(Box(100 + 8 * t, 200, 20, 20),) for t in range(30)]
    assert find_crops(masks, 1280, 720, 64) == (Box(36, 136, 30 * 8 - 8 + 148, 148),)


@pytest.mark.parametrize("seed", range(30))
def test_properties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    width, height = (int(side) for side in rng.integers(150, 1500, 2))
    margin = int(rng.integers(0, 80))
    masks = [tuple(_random_box(rng, width, height) for _ in range(rng.integers(0, 4))) for _ in range(6)]
    crops = find_crops(masks, width, height, margin)
    for box in (box for boxes in masks for box in boxes):
        with_margin = box.expanded(margin, margin, width, height)
        assert any(crop.union(with_margin) == crop for crop in crops)
    assert not any(one.overlaps(other) for one, other in combinations(crops, 2))
    for crop in crops:
        assert crop.x % 2 == 0
        assert crop.y % 2 == 0
        assert (crop.x + crop.width) % 2 == 0 or crop.x + crop.width == width
        assert (crop.y + crop.height) % 2 == 0 or crop.y + crop.height == height
        assert crop.width >= min(MIN_SIDE, width)
        assert crop.height >= min(MIN_SIDE, height)
        assert Box(0, 0, width, height).union(crop) == Box(0, 0, width, height)
    assert find_crops(list(reversed(masks)), width, height, margin) == crops or len(crops) > 1


def _random_box(rng: np.random.Generator, width: int, height: int) -> Box:
    x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
    return Box(x, y, int(rng.integers(1, min(90, width - x) + 1)), int(rng.integers(1, min(90, height - y) + 1)))
