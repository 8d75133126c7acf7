"""Masks over time to train with: one that stands still, or one that moves and turns over the picture.

Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN: the same strokes
as for pictures, at rest or drifting from frame to frame.
"""

import cv2
import numpy as np

from vidinpaint.training.data.masks import Random


def still(mask: np.ndarray, frames: int) -> np.ndarray:
    """mask bool (H, W) in every frame: bool (T, H, W)."""
    return np.repeat(mask[None], frames, 0)


def moving(random: Random, mask: np.ndarray, frames: int, speed: float = 0.03) -> np.ndarray:
    """A mask that drifts in one direction, turns and breathes: bool (T, H, W), as given in the middle frame.

    mask   bool (H, W), True = inpaint, not everything
    speed  at most, in parts of the shorter side a frame
    What leaves the picture is gone; in no frame is everything mask.
    """
    height, width = mask.shape
    angle, step = random.uniform(0, 2 * np.pi), random.uniform(0, speed) * min(height, width)
    drift = step * np.array([np.cos(angle), np.sin(angle)])
    turn, growth = random.uniform(-2, 2), random.uniform(0.98, 1.02)
    drawn, centre = mask.astype(np.uint8), ((width - 1) / 2, (height - 1) / 2)
    masks = np.empty((frames, height, width), bool)
    for t in range(frames):
        since = t - frames // 2
        motion = cv2.getRotationMatrix2D(centre, turn * since, growth**since)
        motion[:, 2] += drift * since
        moved = cv2.warpAffine(drawn, motion, (width, height), flags=cv2.INTER_NEAREST).astype(bool)
        masks[t] = mask if since == 0 or moved.all() else moved
    return masks
