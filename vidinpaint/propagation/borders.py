"""Closing borders: inpainted pixels are changed by a membrane until they meet the known pixels around them.

The step across the border of a mask is interpolated inward and fades with the distance (Perez et al. 2003, Poisson
Image Editing, section 2; the fade keeps the brightness of the inside). This closes seams that
`vidinpaint.propagation.seams` leaves where its sources are wrong. Where there is no seam it smears grain inward (up to
2 dB lost, docs/checking.md), so it is used for windows that fail the check.
"""

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.numerics.morphology import dilate

CHUNK = 8  # frames that are solved in one call


def close_borders(canvas: Canvas, reach: float) -> Canvas:
    """The canvas with the membrane added to every inpainted pixel.

    reach: distance in pixels over which the membrane falls by a factor of e; 0 or less returns the same canvas
    """
    inpainted = canvas.source != Source.ORIGINAL
    if reach <= 0 or not inpainted.any():
        return canvas
    x, y, width, height = cv2.boundingRect(inpainted.any(0).astype(np.uint8))
    rows, columns = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
    pixels = canvas.pixels.copy()
    for start in range(0, len(pixels), CHUNK):
        region = (slice(start, start + CHUNK), rows, columns)
        pixels[region] = _closed(pixels[region], inpainted[region], reach)
    return Canvas(pixels, canvas.source)


def _closed(frames: np.ndarray, masks: np.ndarray, reach: float) -> np.ndarray:
    """Frames float32 (T, H, W, 3) with the membrane added inside masks bool (T, H, W)."""
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
    """float32 (H, W, 3): mean of the masked pixels among the 3 x 3 around each pixel; 0 if there are none."""
    weight = cv2.boxFilter(mask.astype(np.float32), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    total = cv2.boxFilter(picture * mask[..., None], -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(weight, 1)[..., None])
