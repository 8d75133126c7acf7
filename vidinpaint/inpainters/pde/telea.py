"""Telea 2004, An Image Inpainting Technique Based on the Fast Marching Method (OpenCV's).

The mask is inpainted from its border inwards, in the order of the distance to it; each pixel is a weighted mean of the
known pixels in a disc, which favours those along the border's normal, near it and on its level line. Cost: mask pixels
times the disc's area. For masks of a few pixels (scratches, thin letters); larger ones smear.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.fast_marching import march


@dataclass(frozen=True)
class Telea(ImageInpainter):
    """Fast marching (OpenCV): quick, for thin masks."""

    radius: float = setting(3.0, "Radius of the disc that a pixel is inpainted from.", low=1, high=100, unit="pixels")

    def margin(self, height: int, width: int) -> int:
        return int(self.radius) + 3

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        return march(image, mask, self.radius, cv2.INPAINT_TELEA)
