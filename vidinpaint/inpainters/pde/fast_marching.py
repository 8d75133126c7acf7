"""OpenCV's fast marching inpainting at 16 bit a colour.

OpenCV takes three colours in 8 bit only, where rounding adds up from pixel to pixel: plain surfaces drift by three grey
levels, and 10-bit video would lose its extra bits. Single planes it takes in 16 bit; the planes do not influence
each other in either of its methods.
"""

import cv2
import numpy as np

FULL = 65535


def march(image: np.ndarray, mask: np.ndarray, radius: float, method: int) -> np.ndarray:
    """float32 (H, W, 3) in [0, 1] from image (H, W, 3) with mask bool (H, W); method: one of cv2.INPAINT_*."""
    levels = (np.clip(image, 0, 1) * np.float32(FULL) + np.float32(0.5)).astype(np.uint16)
    marked = mask.astype(np.uint8)
    planes = [cv2.inpaint(np.ascontiguousarray(levels[..., c]), marked, radius, method) for c in range(3)]
    return np.stack(planes, axis=2).astype(np.float32) / np.float32(FULL)
