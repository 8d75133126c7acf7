"""Closing borders: what was inpainted is bent until it meets what is around it.

A membrane: the step across the border of a mask is spread inward, smoothly and fading with the distance (Perez et al.
2003, "Poisson image editing", section 2, with the fade so that the inside keeps its own brightness). It closes seams
that the guided kind in `vidinpaint.propagation.seams` left because its sources were wrong. Where there is no seam it
smears grain inward (up to 2 dB lost, docs/checking.md), so it is for windows that fail the check.
"""

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.numerics.morphology import dilate

AT_ONCE = 8  # frames


def close_borders(canvas: Canvas, reach: float) -> Canvas:
    """The canvas with every inpainted pixel changed by the membrane; `reach` is the fade in pixels, 0 changes nothing."""
    inpainted = canvas.source != Source.ORIGINAL
    if reach <= 0 or not inpainted.any():
        return canvas
    x, y, width, height = cv2.boundingRect(inpainted.any(0).astype(np.uint8))
    rows, columns = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
    pixels = canvas.pixels.copy()
    for start in range(0, len(pixels), AT_ONCE):
        here = (slice(start, start + AT_ONCE), rows, columns)
        pixels[here] = _closed(pixels[here], inpainted[here], reach)
    return Canvas(pixels, canvas.source)


def _closed(frames: np.ndarray, masks: np.ndarray, reach: float) -> np.ndarray:
    """Frames float32 (T, H, W, 3) with one or several masks bool (T, H, W), and a pixel around them."""
    borders = dilate(masks, 1, "square") & ~masks
    steps = np.zeros_like(frames)
    for step, picture, mask, border in zip(steps, frames, masks, borders):
        step[border] = (picture - _mean_of_neighbours(picture, mask))[border]
    membranes = smooth_interpolation(steps, ~borders)
    for membrane, mask in zip(membranes, masks):
        depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5) - 1
        membrane *= np.where(mask, np.exp(-depth / np.float32(reach)), 0).astype(np.float32)[..., None]
    return np.asarray(np.clip(frames + membranes, 0, 1))


def _mean_of_neighbours(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): the mean of the mask's pixels around each pixel; 0 where there are none."""
    weight = cv2.boxFilter(mask.astype(np.float32), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    total = cv2.boxFilter(picture * mask[..., None], -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(weight, 1)[..., None])
