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


def close_borders(canvas: Canvas, reach: float) -> Canvas:
    """The canvas with every painted pixel changed by the membrane; `reach` is the fade in pixels, 0 changes nothing."""
    painted = canvas.source != Source.ORIGINAL
    touched = np.flatnonzero(painted.any(axis=(1, 2)))
    if reach <= 0 or not touched.size:
        return canvas
    pixels = canvas.pixels.copy()
    for t in touched.tolist():
        pixels[t] = _closed(pixels[t], painted[t], reach)
    return Canvas(pixels, canvas.source)


def _closed(picture: np.ndarray, hole: np.ndarray, reach: float) -> np.ndarray:
    """One frame float32 (H, W, 3) with one or several holes bool (H, W)."""
    inside = hole.astype(np.uint8)
    border = (cv2.dilate(inside, NEXT) > 0) & ~hole
    step = np.zeros_like(picture)
    step[border] = (picture - _mean_of_neighbours(picture, hole))[border]
    membrane = smooth_fill(step[None], ~border[None])[0]
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - 1
    fade = np.where(hole, np.exp(-depth / np.float32(reach)), 0).astype(np.float32)
    return np.asarray(np.clip(picture + fade[..., None] * membrane, 0, 1))


def _mean_of_neighbours(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): the mean of the hole's pixels around each pixel; 0 where there are none."""
    weight = cv2.boxFilter(hole.astype(np.float32), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    total = cv2.boxFilter(picture * hole[..., None], -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(weight, 1)[..., None])
