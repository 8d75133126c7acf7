"""Transport along level lines, as in a fluid (OpenCV's implementation).

Level lines are treated as the stream lines of a fluid, along which smoothness is transported into the mask. OpenCV
inpaints in the order of fast marching, with weights that favour neighbours along the level lines.

When to use: as `telea`, masks of a few pixels. Cost: as `telea`. Source: Bertalmio, Bertozzi, Sapiro 2001,
Navier-Stokes, Fluid Dynamics, and Image and Video Inpainting.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2

from vidinpaint.inpainters.pde.fast_marching import FastMarchingInpainter


@dataclass(frozen=True)
class NavierStokes(FastMarchingInpainter):
    """Transport along level lines (OpenCV): fast, for thin masks."""

    method: ClassVar[int] = cv2.INPAINT_NS
