"""Painting a few key frames and carrying them along the flow, so that what is painted once is the same everywhere."""

from collections.abc import Callable

import numpy as np

from vidinpaint.flow_pair import FlowPair
from vidinpaint.propagation.carry import LENIENT, carry_once

PaintFrame = Callable[[int, np.ndarray, np.ndarray], np.ndarray]
"""(frame number, image (H, W, 3), unknown (H, W)): paints image in place, returns bool (H, W), what it has painted."""

KEY_FRAMES = 6  # frames painted at most
FEWEST = 30  # pixels left in a frame below which carrying on is not worth a round


def paint_key_frames(pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, paint: PaintFrame) -> None:
    """Paint the frame with most left, carry it to the others, and so on; in place.

    pixels float32 (T, H, W, 3) in [0, 1], unknown bool (T, H, W): cleared where something was painted.
    """
    tried = np.zeros(len(unknown), bool)
    for _ in range(KEY_FRAMES):
        left = unknown.sum((1, 2))
        left[tried] = 0
        key = _key_frame(left)
        if left[key] < FEWEST:
            return
        tried[key] = True
        painted = paint(key, pixels[key], unknown[key])
        if painted.any():
            unknown[key] &= ~painted
            carry_once(pixels, unknown, flow, LENIENT)


def _key_frame(left: np.ndarray) -> int:
    """The frame with most left; of equals the one nearest the middle."""
    from_middle = np.abs(np.arange(len(left)) - (len(left) - 1) / 2)
    return int(np.argmax(left - 1e-3 * from_middle))
