"""SSIM: similarity of luminance, contrast and structure around every pixel; 1 is best.

Source: Wang et al. 2004, Image quality assessment: from error visibility to structural similarity.
"""

import cv2
import numpy as np

WINDOW, SIGMA = 11, 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # Wang 2004, K1 and K2 for 8 bit
INSIDE = (slice(WINDOW // 2, -(WINDOW // 2)),) * 2
"""Pixels whose window lies wholly inside the image."""


def structural_similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Mean SSIM of two grey images (H, W), 0..255, at least 11 x 11; as in the authors' code, of inner windows only."""
    return float(similarity_map(first, second)[INSIDE].mean())


def similarity_map(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (H, W): SSIM around every pixel of two grey images (H, W), 0..255; Wang 2004, equation 13."""
    luminance, contrast_structure = similarity_parts(first, second)
    return np.asarray(luminance * contrast_structure)


def similarity_parts(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two factors of SSIM, each float64 (H, W): of luminance, and of contrast and structure.

    The window is an 11 x 11 Gaussian with sigma 1.5; images are mirrored at the border.
    """

    def local(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (WINDOW, WINDOW), SIGMA)

    x, y = first.astype(np.float64), second.astype(np.float64)
    mean_x, mean_y = local(x), local(y)
    variances = local(x * x) - mean_x**2 + local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    return np.asarray(luminance), np.asarray((2 * covariance + C2) / (variances + C2))
