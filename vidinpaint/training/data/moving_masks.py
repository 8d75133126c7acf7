"""Masks over time to train with: static ones, and ones that move and turn.

Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN: the same strokes as for
images, static or drifting from frame to frame.
"""

import cv2
import numpy as np

from vidinpaint.training.data.masks import Random


def static(mask: np.ndarray, frames: int) -> np.ndarray:
    """The mask, bool (H, W), in each frame: bool (T, H, W)."""
    return np.repeat(mask[None], frames, 0)


def moving(random: Random, mask: np.ndarray, frames: int, max_speed: float = 0.03) -> np.ndarray:
    """bool (T, H, W): a mask that drifts in one direction, turns and changes its size; unchanged in the middle frame.

    mask       bool (H, W), True = inpaint, not all True
    max_speed  as a fraction of the shorter side per frame. Default: 0.03
    Parts that leave the image are lost; no frame is masked completely.
    """
    height, width = mask.shape
    angle, step = random.uniform(0, 2 * np.pi), random.uniform(0, max_speed) * min(height, width)
    drift = step * np.array([np.cos(angle), np.sin(angle)])
    turn, growth = random.uniform(-2, 2), random.uniform(0.98, 1.02)
    pixels, centre = mask.astype(np.uint8), ((width - 1) / 2, (height - 1) / 2)
    masks = np.empty((frames, height, width), bool)
    for t in range(frames):
        since = t - frames // 2
        motion = cv2.getRotationMatrix2D(centre, turn * since, growth**since)
        motion[:, 2] += drift * since
        moved = cv2.warpAffine(pixels, motion, (width, height), flags=cv2.INTER_NEAREST).astype(bool)
        masks[t] = mask if since == 0 or moved.all() else moved
    return masks
