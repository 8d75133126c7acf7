"""`fuse`: two estimates of the same pixels, averaged with weights by their variances.

The variance of un-blended pixels is known: it is computed from the noise and the opacity. That of propagated or
synthesised ones is not, so it is measured: the mean square of the difference of the two estimates, over a small
neighbourhood, is the sum of both variances. Independent estimates are best averaged with weights 1 / variance.
"""

import cv2
import numpy as np

SIDE = 11  # pixels per side of the neighbourhood: some 300 values with their channels, and still within one texture
FLOOR = (1.5 / 255) ** 2  # variance of the best propagated pixels: the noise of the frame that they come from


def fuse(
    pixels: np.ndarray, unblended: np.ndarray, deviation: np.ndarray, where: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The averaged pixels float32 (T, H, W, 3), and the weight of the un-blended ones float32 (T, H, W) in [0, 1].

    pixels     float32 (T, H, W, 3) RGB: propagated or synthesised
    unblended  float32 (T, H, W, 3) RGB
    deviation  float32 (T, H, W): standard deviation of the un-blended pixels; infinite where they say nothing
    where      bool (T, H, W), True where both are known; other pixels are not changed, and have weight 0
    """
    result, weight = pixels.copy(), np.zeros(where.shape, np.float32)
    for t, inside in enumerate(where):
        inside = inside & np.isfinite(deviation[t])
        if not inside.any():
            continue
        x, y, width, height = cv2.boundingRect(inside.view(np.uint8))
        region = (slice(y, y + height), slice(x, x + width))
        own = weight[t][region]
        known = inside[region]
        difference = np.where(known[..., None], pixels[t][region] - unblended[t][region], np.float32(0))
        variance = np.where(known, deviation[t][region], np.float32(0)) ** 2
        other = np.maximum(_mean((difference**2).mean(-1), known) - _mean(variance, known), np.float32(FLOOR))
        own[known] = (other / (other + variance))[known]
        result[t][region] += own[..., None] * np.where(known[..., None], -difference, np.float32(0))
    return result, weight


def _mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The mean of the known values (zero where unknown) around each pixel, float32 (h, w)."""
    size = (SIDE, SIDE)
    total = cv2.boxFilter(values.astype(np.float32), -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    count = cv2.boxFilter(known.astype(np.float32), -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(count, 1))
