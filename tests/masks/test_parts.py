"""Boxes around the connected parts of a mask: tight, covering every part, and limited in number."""

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.masks.parts import MAX_BOXES, part_boxes


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
    assert 1 <= len(boxes) <= MAX_BOXES
    assert covered[mask].all()
