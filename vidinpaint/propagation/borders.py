"""Closing borders: what was painted is bent until it meets what is around it.

A membrane: the step across the border of a hole is spread inward, smoothly and fading with the distance (Perez et al.
2003, "Poisson image editing", section 2, with the fade so that the inside keeps its own brightness). It closes seams
that the guided kind in `vidinpaint.propagation.seams` left because its sources were wrong. Where there is no seam it
smears grain inward (up to 2 dB lost, docs/checking.md), so it is for windows that fail the check.
"""

import cv2
import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.laplace import smooth_fill

NEXT = np.ones((3, 3), np.uint8)
AT_ONCE = 8  # frames


def close_borders(canvas: Canvas, reach: float) -> Canvas:
    """The canvas with every painted pixel changed by the membrane; `reach` is the fade in pixels, 0 changes nothing."""
    painted = canvas.source != Source.ORIGINAL
    if reach <= 0 or not painted.any():
        return canvas
    x, y, width, height = cv2.boundingRect(painted.any(0).astype(np.uint8))
    rows, columns = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
    pixels = canvas.pixels.copy()
    for start in range(0, len(pixels), AT_ONCE):
        here = (slice(start, start + AT_ONCE), rows, columns)
        pixels[here] = _closed(pixels[here], painted[here], reach)
    return Canvas(pixels, canvas.source)


def _closed(frames: np.ndarray, holes: np.ndarray, reach: float) -> np.ndarray:
    """Frames float32 (T, H, W, 3) with one or several holes bool (T, H, W), and a pixel around them."""
    borders = np.stack([cv2.dilate(hole.astype(np.uint8), NEXT) > 0 for hole in holes]) & ~holes
    steps = np.zeros_like(frames)
    for step, picture, hole, border in zip(steps, frames, holes, borders):
        step[border] = (picture - _mean_of_neighbours(picture, hole))[border]
    membranes = smooth_fill(steps, ~borders)
    for membrane, hole in zip(membranes, holes):
        depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5) - 1
        membrane *= np.where(hole, np.exp(-depth / np.float32(reach)), 0).astype(np.float32)[..., None]
    return np.asarray(np.clip(frames + membranes, 0, 1))


def _mean_of_neighbours(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): the mean of the hole's pixels around each pixel; 0 where there are none."""
    weight = cv2.boxFilter(hole.astype(np.float32), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    total = cv2.boxFilter(picture * hole[..., None], -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(weight, 1)[..., None])
