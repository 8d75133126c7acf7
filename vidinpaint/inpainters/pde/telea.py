"""Fast marching: inpaints from the border of the mask inwards, by the distance to it (OpenCV's implementation).

Each pixel is a weighted mean of the known pixels in a disc; the weights favour pixels along the normal of the border,
near it, and on the same level line.

When to use: masks of a few pixels, such as scratches and thin letters; larger ones are smeared. Cost: mask pixels times
the area of the disc. Source: Telea 2004, An Image Inpainting Technique Based on the Fast Marching Method.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2

from vidinpaint.inpainters.pde.fast_marching import FastMarchingInpainter


@dataclass(frozen=True)
class Telea(FastMarchingInpainter):
    """Fast marching (OpenCV): fast, for thin masks."""

    method: ClassVar[int] = cv2.INPAINT_TELEA
