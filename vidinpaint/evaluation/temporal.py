"""How steady a clip is over time: warping error and flicker.

Lai et al. 2018, "Learning blind video temporal consistency", section 4.2 (warping error);
Sundaram et al. 2010, "Dense point trajectories by GPU-accelerated large displacement optical flow" (occlusion).
"""

import cv2
import numpy as np

from vidinpaint.evaluation.mean import Mean
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.dis import Dis, one_opencv_thread


class TemporalMetrics:
    """Warping error and flicker of one clip."""

    def __init__(self) -> None:
        self.warp_error, self.warp_error_masked, self.flicker = Mean(), Mean(), Mean()

    def add(
        self,
        frame: np.ndarray,
        following: np.ndarray,
        flow: np.ndarray,
        visible: np.ndarray,
        mask: np.ndarray,
        both_masked: np.ndarray,
    ) -> None:
        """Compare a frame with the next one; visible bool (H, W): not occluded in it."""
        squares = ((frame / np.float32(255) - _warped(following, flow) / np.float32(255)) ** 2).mean(axis=2)
        self.warp_error.add(squares[visible])
        self.warp_error_masked.add(squares[visible & mask])
        self.flicker.add(np.abs(following[both_masked].astype(np.int16) - frame[both_masked]))


def motion(grey: np.ndarray, following: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flow from a grey uint8 frame (H, W) to the following one, and where it can be trusted.

    Returns flow float32 (H, W, 2) as (dx, dy) pixels, and bool (H, W), True = visible in the following frame.
    DIS, medium preset; occlusion by Sundaram 2010, equation 5: forward and backward flow must cancel.
    """
    with one_opencv_thread():
        forward, backward = Dis().between(grey, following), Dis().between(following, grey)
    return forward, forward_backward_error(forward[None], backward[None])[0] <= 1


def _warped(following: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """The following frame warped back along the flow (H, W, 2) to the frame where it starts; float32, bilinear."""
    height, width = flow.shape[:2]
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    return cv2.remap(following.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
