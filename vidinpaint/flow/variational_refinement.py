"""Variational refinement of a given flow.

Brox, Bruhn, Papenberg, Weickert 2004, High accuracy optical flow estimation based on a theory for warping; by OpenCV.
The given flow is corrected on frames of a quarter of the size, of half the size and of full size in turn; large motion
is kept. On RAFT-small's flow the quarter and the half size gain three times as much as the full size.
"""

from typing import Any

import cv2
import numpy as np

SCALES = (4, 2, 1)  # factors by which the frames are downscaled, in this order
MIN_SIDE = 16  # pixels


def refined(first: np.ndarray, second: np.ndarray, flow: np.ndarray, rounds: int) -> np.ndarray:
    """Flow float32 (H, W, 2) from `first` to `second`, both grey uint8 (H, W), after `rounds` per scale; 0: unchanged.

    Call it inside `dis.one_opencv_thread`, so that the result is the same on every machine.
    """
    height, width = first.shape
    for scale in SCALES if rounds else ():
        size = max(MIN_SIDE, width // scale), max(MIN_SIDE, height // scale)
        small, partner = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (first, second))
        factor = np.array((size[0] / width, size[1] / height), np.float32)
        before = cv2.resize(flow, size, interpolation=cv2.INTER_AREA) * factor
        after = before.copy()
        for _ in range(rounds):
            after = _variational().calc(small, partner, after)
        flow = flow + cv2.resize(after - before, (width, height)) / factor
    return flow


def _variational() -> Any:
    """OpenCV's variational refinement, with the settings that DIS uses it with."""
    refinement = cv2.VariationalRefinement.create()
    refinement.setFixedPointIterations(5)
    refinement.setAlpha(20)
    refinement.setDelta(5)
    refinement.setGamma(10)
    return refinement
