"""Bertalmio, Bertozzi, Sapiro 2001, Navier-Stokes, Fluid Dynamics, and Image and Video Inpainting (OpenCV's).

Level lines are taken for the stream lines of a fluid: smoothness is transported along them into the hole. OpenCV paints
in the fast marching order with weights that favour neighbours along the level lines. Cost as `telea`, and as there
the painted pixels are rounded to 1/255, since OpenCV takes 8 bit only.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.fillers.interface import FrameFiller, require


@dataclass(frozen=True)
class NavierStokes(FrameFiller):
    """Transport along level lines (OpenCV): quick, for thin holes.

    radius  of the disc that a pixel is painted from, in pixels, 1 to 100
    """

    radius: float = 3.0

    def __post_init__(self) -> None:
        require("navier_stokes.radius", self.radius, 1, 100, "pixels")

    def margin(self, height: int, width: int) -> int:
        return int(self.radius) + 3

    def paint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """See `FrameFiller`."""
        grey_levels = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
        painted = cv2.inpaint(grey_levels, hole.astype(np.uint8), self.radius, cv2.INPAINT_NS)
        return painted.astype(np.float32) / 255
