"""What no frame shows: synthesised on a few key frames, and propagated from there to all others.

The frame with most left is inpainted by an image method, then counts as known, and its pixels travel along the flow
like any others: what was synthesised once is the same everywhere.
"""

from collections.abc import Callable

import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.propagation.propagate import LENIENT, propagate_once

InpaintImage = Callable[[np.ndarray, np.ndarray], np.ndarray]
InpaintFrame = Callable[[int, np.ndarray, np.ndarray], np.ndarray]

KEY_FRAMES = 6  # frames synthesised at most before the rest is inpainted frame by frame
FEWEST, SHARE = 30, 0.05  # pixels left in a frame, and share of what was left in the first key frame, below which
# propagating on is not worth a round


def synthesise_remaining(
    pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, inpaint: InpaintFrame, inpaint_remainder: InpaintImage
) -> np.ndarray:
    """Fill all that is unknown, in place; returns int16 (T, H, W): the key frame a pixel came from, -1 for none.

    pixels float32 (T, H, W, 3) in [0, 1], unknown bool (T, H, W); inpaint(t, image (H, W, 3), mask (H, W)) -> image,
    for key frames, inpaint_remainder(image, mask) -> image for the odd pixels that are left at the end.
    """
    origin = np.full(unknown.shape, -1, np.int16)
    enough = max(FEWEST, SHARE * int(unknown.sum((1, 2)).max()))
    for _ in range(KEY_FRAMES):
        left = unknown.sum((1, 2))
        left[unknown.all((1, 2))] = 0  # an image method needs something to go on
        key = _key_frame(left)
        if left[key] < enough:
            break
        before = unknown.copy()
        pixels[key] = inpaint(key, pixels[key], unknown[key])
        unknown[key] = False
        propagate_once(pixels, unknown, flow, LENIENT, trusted=True)
        origin[before & ~unknown] = key
    blank = unknown.all((1, 2))
    for t in np.flatnonzero(unknown.any((1, 2)) & ~blank):
        pixels[t] = inpaint_remainder(pixels[t], unknown[t])
        unknown[t] = False
    shown = np.flatnonzero(~blank)
    for t in np.flatnonzero(blank):
        if not len(shown):
            raise MaskCoverageError(
                "something known in every window", "frames that are all mask", "Make the masks smaller."
            )
        pixels[t] = pixels[shown[np.argmin(np.abs(shown - t))]]
        unknown[t] = False
    return origin


def _key_frame(left: np.ndarray) -> int:
    """The frame with most left; of equals the one nearest the middle."""
    from_middle = np.abs(np.arange(len(left)) - (len(left) - 1) / 2)
    return int(np.argmax(left - 1e-3 * from_middle))
