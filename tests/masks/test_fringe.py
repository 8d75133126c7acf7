"""The fringe of a tight mask is found; generous masks, areas of uniform colour and imposed masks have none."""

import cv2
import numpy as np
import pytest

from tests.scenes import pan
from vidinpaint.masks.fringe import frames_to_measure, fringe_width

T, H, W = 6, 120, 160


def discs(radius: int) -> np.ndarray:
    y, x = np.mgrid[:H, :W]
    return np.stack([np.hypot(x - 60 - 4 * t, y - 60) <= radius for t in range(T)])


def with_object(softness: float) -> np.ndarray:
    """A pan with a dark disc of 30 pixels that moves on its own, its edge blurred by the lens."""
    frames = pan(T, H, W, 1.0) * np.float32(0.6) + np.float32(0.4)
    for t, disc in enumerate(discs(30)):
        weight = cv2.GaussianBlur(disc.astype(np.float32), (0, 0), softness)[..., None]
        frames[t] = frames[t] * (1 - weight)
    return frames


@pytest.mark.parametrize(("softness", "low", "high"), [(1.0, 2, 4), (2.0, 3, 6)])
def test_a_tight_mask_leaves_a_fringe(softness: float, low: int, high: int) -> None:
    assert low <= fringe_width(list(with_object(softness)), discs(30)) <= high


def test_a_generous_mask_leaves_none() -> None:
    assert fringe_width(list(with_object(1.0)), discs(36)) == 0


@pytest.mark.parametrize("colour", [None, 0.0, 1.0])
def test_imposed_masks_have_none(colour: float | None) -> None:
    frames = pan(T, H, W, 1.0)
    if colour is not None:
        frames[discs(20)] = colour
    assert fringe_width(list(frames), discs(20)) == 0


def test_nothing_to_measure() -> None:
    frames = pan(T, H, W, 1.0)
    assert fringe_width(list(frames), np.zeros((T, H, W), bool)) == 0
    assert fringe_width(list(frames), np.ones((T, H, W), bool)) == 0


def test_frames_to_measure() -> None:
    masks = np.zeros((50, 8, 8), bool)
    assert frames_to_measure(masks) == []
    masks[10:40, 2:4, 2:4] = True
    masks[20] = True
    few = frames_to_measure(masks)
    assert len(few) == 12
    assert (few[0], few[-1]) == (10, 39)
    assert 20 not in few
