"""Which pairs of neighbouring frames show the same picture: zero is more exact there than any estimate of flow."""

import cv2
import numpy as np

BLOCK = 9  # pixels averaged, so that grain cancels out
STILL = 4.0  # grey levels (of 255) a block may differ; grain of 4 levels stays under 2.5, a moving edge goes far over


def static_pairs(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """bool (T - 1,): pairs whose known pixels agree everywhere but for noise and a change of exposure.

    frames float32 (T, H, W, 3) in [0, 1], masks bool (T, H, W).
    """
    known = [cv2.blur((~mask).astype(np.float32), (BLOCK, BLOCK)) for mask in masks]
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) * np.float32(255) for frame in frames]
    still = np.zeros(max(len(frames) - 1, 0), bool)
    for pair in range(len(still)):
        both = ~(masks[pair] | masks[pair + 1])
        if not both.any():
            continue
        difference = np.where(both, greys[pair + 1] - greys[pair], np.float32(0))
        difference[both] -= np.median(difference[both])
        weight = np.minimum(known[pair], known[pair + 1])
        block = np.abs(cv2.blur(difference, (BLOCK, BLOCK)))
        still[pair] = bool((block <= STILL * np.maximum(weight, 0.25)).all())
    return still
