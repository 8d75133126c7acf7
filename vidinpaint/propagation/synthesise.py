"""Pixels that no frame shows: synthesised on a few key frames, and propagated from there to all others.

The frame with the most unknown pixels is inpainted by an image method. Its pixels are then known and are propagated
along the flow like any others, so that what was synthesised once is the same in every frame.
"""

from collections.abc import Callable

import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.propagation.propagate import LENIENT, propagate_once

InpaintImage = Callable[[np.ndarray, np.ndarray], np.ndarray]
InpaintFrame = Callable[[int, np.ndarray, np.ndarray], np.ndarray]

KEY_FRAMES = 6  # at most, before the remaining pixels are inpainted frame by frame
MIN_PIXELS, MIN_SHARE = 30, 0.05  # unknown pixels of a key frame: at least so many, and this share of the first one's


def synthesise_remaining(
    pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, inpaint: InpaintFrame, inpaint_remainder: InpaintImage
) -> np.ndarray:
    """Inpaint all unknown pixels, in place; returns int16 (T, H, W): the key frame a pixel came from, -1 for none.

    pixels float32 (T, H, W, 3) in [0, 1], unknown bool (T, H, W); inpaint(t, image (H, W, 3), mask (H, W)) -> image,
    for key frames; inpaint_remainder(image, mask) -> image, for pixels that remain at the end.
    """
    origin = np.full(unknown.shape, -1, np.int16)
    enough = max(MIN_PIXELS, MIN_SHARE * int(unknown.sum((1, 2)).max()))
    for _ in range(KEY_FRAMES):
        remaining = unknown.sum((1, 2))
        remaining[unknown.all((1, 2))] = 0  # an image method needs known pixels
        key = _key_frame(remaining)
        if remaining[key] < enough:
            break
        before = unknown.copy()
        pixels[key] = inpaint(key, pixels[key], unknown[key])
        unknown[key] = False
        propagate_once(pixels, unknown, flow, LENIENT, trusted=True)
        origin[before & ~unknown] = key
    fully_masked = unknown.all((1, 2))
    for t in np.flatnonzero(unknown.any((1, 2)) & ~fully_masked):
        pixels[t] = inpaint_remainder(pixels[t], unknown[t])
        unknown[t] = False
    usable = np.flatnonzero(~fully_masked)
    for t in np.flatnonzero(fully_masked):
        if not len(usable):
            actual = "a window that the masks cover completely"
            raise MaskCoverageError("at least one known pixel in each window", actual, "Make the masks smaller.")
        pixels[t] = pixels[usable[np.argmin(np.abs(usable - t))]]
        unknown[t] = False
    return origin


def _key_frame(remaining: np.ndarray) -> int:
    """The frame with the most unknown pixels; among equals the one nearest to the middle."""
    from_middle = np.abs(np.arange(len(remaining)) - (len(remaining) - 1) / 2)
    return int(np.argmax(remaining - 1e-3 * from_middle))
