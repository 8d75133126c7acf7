"""Fitting flow to the pixels: a variational method that begins with a given flow.

Brox, Bruhn, Papenberg, Weickert 2004 (High accuracy optical flow estimation based on a theory for warping), OpenCV's.
What is given is trusted for motion that is large, and corrected by what pictures of a quarter of the size, of half the
size and of the whole show in turn: on RAFT-small's flow the quarter and the half gain three times what the whole does.
"""

from typing import Any

import cv2
import numpy as np

SCALES = (4, 2, 1)  # by which pictures are made smaller, one after the other
SMALLEST = 16  # pixels a side


def refined(here: np.ndarray, there: np.ndarray, flow: np.ndarray, rounds: int) -> np.ndarray:
    """Flow float32 (H, W, 2) from `here` to `there`, grey uint8 (H, W) both, after so many rounds on every scale.

    Inside `dis.one_opencv_thread`, so that it is the same on every machine.
    """
    height, width = here.shape
    for scale in SCALES if rounds else ():
        size = max(SMALLEST, width // scale), max(SMALLEST, height // scale)
        small, partner = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (here, there))
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
