"""Where a mask has unreliable the flow estimated around it.

A pyramid's search windows reach over a mask's edge, so that flow is wrong up to 12 pixels beside it, but by far not
everywhere: it stands where it leads back, shows the same colours, and does not end in a mask.
"""

import cv2
import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.morphology import dilate
from vidinpaint.numerics.warping import bilinear

NEAR = 12  # pixels around a mask where flow is doubted
TOUCHED = 2  # pixels around a mask where it is never trusted
DIFFERENT = 8.0  # grey levels; mean over 5 x 5 pixels from which two places do not show the same
CONSISTENT = 1.0  # forward-backward error, see `consistency.py`


def unreliable_flow(
    flow: np.ndarray, error: np.ndarray, masks: np.ndarray, masks_there: np.ndarray, grey: np.ndarray, there: np.ndarray
) -> np.ndarray:
    """bool (P, H, W): where not to trust float32 flow (P, H, W, 2); its forward-backward `error` float32 (P, H, W).

    masks bool (P, H, W) and grey float32 (P, H, W), 0..255, of the pictures; `masks_there` and `there` of the partners.
    """
    near, touched = dilate(masks, NEAR), dilate(masks, TOUCHED)
    clean_there = ~dilate(masks_there, 1, "square")
    difference = np.zeros(near.shape, np.float32)
    run_in_ranges(_compare, len(near), flow, near & ~masks, clean_there, grey, there, difference)
    mean = np.stack([cv2.blur(np.maximum(field, 0), (5, 5)) if field.any() else field for field in difference])
    return np.asarray(touched | (near & ((error > CONSISTENT) | (mean > DIFFERENT) | (difference < 0))))


@kernel
def _compare(start, stop, flow, looked_at, clean_there, grey, there, difference):  # type: ignore[no-untyped-def]
    """difference (P, H, W): grey difference along the flow; -1 where it ends in a mask or outside, else unchanged."""
    _, H, W = looked_at.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                if not looked_at[pair, y, x]:
                    continue
                at_x, at_y = np.float32(x) + flow[pair, y, x, 0], np.float32(y) + flow[pair, y, x, 1]
                difference[pair, y, x] = -1
                if at_x < 0 or at_y < 0 or at_x > W - 1 or at_y > H - 1:
                    continue
                if clean_there[pair, int(at_y + np.float32(0.5)), int(at_x + np.float32(0.5))]:
                    difference[pair, y, x] = abs(bilinear(there[pair], at_x, at_y) - grey[pair, y, x])
