"""`FastMarchingInpainter`: OpenCV's fast marching inpainting with 16 bits per colour, for `telea` and `navier_stokes`.

OpenCV takes three colours in 8 bits only, where rounding errors add up from pixel to pixel: plain surfaces drift by
three grey levels, and 10-bit video would lose its extra bits. It takes single planes in 16 bits; in both of its methods
the planes do not influence each other.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter

WHITE = 65535


@dataclass(frozen=True)
class FastMarchingInpainter(ImageInpainter):
    """The base of both methods; `method` is one of cv2.INPAINT_*."""

    radius: float = setting(3.0, "Radius of the disc that a pixel is computed from.", low=1, high=100, unit="pixels")

    method: ClassVar[int]

    def margin(self, height: int, width: int) -> int:
        return int(self.radius) + 3

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        levels = (np.clip(image, 0, 1) * np.float32(WHITE) + np.float32(0.5)).astype(np.uint16)
        mask_bytes = mask.astype(np.uint8)
        planes = [
            cv2.inpaint(np.ascontiguousarray(levels[..., c]), mask_bytes, self.radius, self.method) for c in range(3)
        ]
        return np.stack(planes, axis=2).astype(np.float32) / np.float32(WHITE)
