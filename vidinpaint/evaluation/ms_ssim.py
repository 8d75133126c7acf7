"""MS-SSIM: SSIM at five scales, so that it depends less on the distance from which an image is seen; 1 is best.

Source: Wang, Simoncelli and Bovik 2003, Multi-scale structural similarity for image quality assessment.
"""

import cv2
import numpy as np

from vidinpaint.evaluation.ssim import INSIDE, similarity_parts

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Exponents of the scales, from the full size to a sixteenth; section 3.2 of the paper."""
SMALLEST = 161
"""Least height and width in pixels: the window of 11 pixels still fits at the coarsest scale."""


def multi_scale_similarity(first: np.ndarray, second: np.ndarray) -> float:
    """MS-SSIM of two grey images (H, W), 0..255, at least 161 x 161; equation 7 of the paper, negative factors as 0."""
    product = 1.0
    for scale, weight in enumerate(WEIGHTS):
        if scale:
            first, second = _halved(first), _halved(second)
        luminance, contrast_structure = similarity_parts(first, second)
        coarsest = scale == len(WEIGHTS) - 1
        factor = (luminance * contrast_structure if coarsest else contrast_structure)[INSIDE].mean()
        product *= max(0.0, float(factor)) ** weight
    return product


def _halved(image: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels; the last row and column are repeated where a size is odd."""
    height, width = image.shape
    even = np.pad(image.astype(np.float64), ((0, height % 2), (0, width % 2)), mode="edge")
    return cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
