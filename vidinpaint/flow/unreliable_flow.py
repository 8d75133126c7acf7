"""Where flow estimated near a mask is unreliable.

A pyramid's search windows reach across the mask's edge, so flow can be wrong up to 12 pixels away from it. It is
accepted where it is consistent, where both frames show the same grey levels, and where it does not end in a mask.
"""

import cv2
import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.morphology import dilate
from vidinpaint.numerics.warping import bilinear

NEAR = 12  # pixels around a mask within which flow is checked
TOUCHED = 2  # pixels around a mask within which it is always unreliable
DIFFERENT = 8.0  # grey levels: largest mean difference over 5 x 5 pixels of two places that show the same
CONSISTENT = 1.0  # forward-backward error, see `consistency.py`


def unreliable_flow(
    flow: np.ndarray,
    error: np.ndarray,
    masks: np.ndarray,
    partner_masks: np.ndarray,
    grey: np.ndarray,
    partner_grey: np.ndarray,
) -> np.ndarray:
    """bool (P, H, W): True where flow float32 (P, H, W, 2) is unreliable.

    error   float32 (P, H, W), the forward-backward error, see `consistency.py`
    masks   bool (P, H, W), grey float32 (P, H, W) in 0..255, of the first frames; `partner_...` of the second ones
    """
    near, touched = dilate(masks, NEAR), dilate(masks, TOUCHED)
    partner_known = ~dilate(partner_masks, 1, "square")
    difference = np.zeros(near.shape, np.float32)
    run_in_ranges(_compare, len(near), flow, near & ~masks, partner_known, grey, partner_grey, difference)
    mean = np.stack([cv2.blur(np.maximum(field, 0), (5, 5)) if field.any() else field for field in difference])
    return np.asarray(touched | (near & ((error > CONSISTENT) | (mean > DIFFERENT) | (difference < 0))))


@kernel
def _compare(start, stop, flow, region, partner_known, grey, partner_grey, difference):  # type: ignore[no-untyped-def]
    """difference (P, H, W), in `region`: grey difference along the flow; -1 where it ends in a mask or outside."""
    _, H, W = region.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                if not region[pair, y, x]:
                    continue
                at_x, at_y = np.float32(x) + flow[pair, y, x, 0], np.float32(y) + flow[pair, y, x, 1]
                difference[pair, y, x] = -1
                if at_x < 0 or at_y < 0 or at_x > W - 1 or at_y > H - 1:
                    continue
                if partner_known[pair, int(at_y + np.float32(0.5)), int(at_x + np.float32(0.5))]:
                    difference[pair, y, x] = abs(bilinear(partner_grey[pair], at_x, at_y) - grey[pair, y, x])
