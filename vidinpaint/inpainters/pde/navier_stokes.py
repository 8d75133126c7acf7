"""Bertalmio, Bertozzi, Sapiro 2001, Navier-Stokes, Fluid Dynamics, and Image and Video Inpainting (OpenCV's).

Level lines are taken for the stream lines of a fluid: smoothness is transported along them into the mask. OpenCV
inpaints in the fast marching order with weights that favour neighbours along the level lines. Cost and use as `telea`.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.fast_marching import march


@dataclass(frozen=True)
class NavierStokes(ImageInpainter):
    """Transport along level lines (OpenCV): quick, for thin masks."""

    radius: float = setting(3.0, "Radius of the disc that a pixel is inpainted from.", low=1, high=100, unit="pixels")

    def margin(self, height: int, width: int) -> int:
        return int(self.radius) + 3

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        return march(image, mask, self.radius, cv2.INPAINT_NS)
