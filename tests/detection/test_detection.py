"""Detections: drawn as masks, written and read as JSON."""

import json

import numpy as np
import pytest

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection, draw
from vidinpaint.detection.json_form import from_json, to_json

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)


def test_masks_are_drawn_where_and_when_they_are() -> None:
    one = Detection("text", 2, 4, Box(1, 0, 3, 3), CROSS, 0.9)
    masks = draw([one, Detection("mark", 3, 5, Box(5, 1, 3, 3), CROSS, 0.5)], 1, 5, 4, 9)
    expected = np.zeros((4, 4, 9), bool)
    expected[1:3, 0:3, 1:4] |= CROSS
    expected[2:4, 1:4, 5:8] |= CROSS
    np.testing.assert_array_equal(masks, expected)


def test_what_moves_out_of_the_frame_is_cut_off() -> None:
    path = ((-1, -2), (0, 0), (7, 2), (9, 9), (-3, 0))
    masks = draw([Detection("text", 0, 5, Box(0, 0, 3, 3), CROSS, 1.0, path=path)], 0, 5, 4, 9)
    assert [int(mask.sum()) for mask in masks] == [1, 5, 3, 0, 0]
    assert masks[0, 0, 0]
    assert masks[2, 3, 7]
    assert masks[2, 3, 8]


def test_json_keeps_everything() -> None:
    moving = Detection("text", 4, 6, Box(3, 5, 3, 3), CROSS, 0.875, "Grüße, 你好", ((3, 5), (2, 5)))
    read = from_json(json.loads(json.dumps(to_json(moving))))
    np.testing.assert_array_equal(read.mask, CROSS)
    for name in ("kind", "start", "stop", "box", "confidence", "text", "path"):
        assert getattr(read, name) == getattr(moving, name)


@pytest.mark.parametrize(("start", "stop", "shape"), [(3, 3, (3, 3)), (-1, 2, (3, 3)), (0, 2, (3, 4))])
def test_what_does_not_fit_together_is_refused(start: int, stop: int, shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Detection("mark", start, stop, Box(0, 0, 3, 3), np.ones(shape, bool), 1.0)
