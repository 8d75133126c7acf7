"""`fuse`: two estimates of the same pixels, averaged with weights by their variances.

The variance of un-blended pixels is known from the noise and the opacity, but for a factor that depends on how strongly
the clip is compressed. That of propagated or synthesised ones is not known, so both are measured: the mean square of
the difference of the two estimates, over a small neighbourhood, is the sum of their variances. Where they differ least,
propagated pixels are about right, which gives the factor. Independent estimates are best averaged with weights
1 / variance.
"""

import cv2
import numpy as np

SIDE = 11  # pixels per side of the neighbourhood: some 300 values with their channels, and still within one texture
FLOOR = (1.5 / 255) ** 2  # variance of the best propagated pixels: the noise of the frame that they come from
ABOUT_RIGHT = 0.25  # quantile of neighbourhoods, by their difference, where propagated pixels are about right
FACTORS = (0.4, 2.5)  # of the variance: the noise of x264 at crf 18 to 23 is 1.5 to 4 levels, 2.5 is expected


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
    both = where & np.isfinite(deviation)
    x, y, width, height = cv2.boundingRect(both.any(0).view(np.uint8))
    if not width:
        return result, weight
    region = (slice(None), slice(y, y + height), slice(x, x + width))
    known = both[region]
    difference = np.where(known[..., None], pixels[region] - unblended[region], np.float32(0))
    own = np.where(known, deviation[region], np.float32(0)) ** 2
    total = np.stack([_mean(square, inside) for square, inside in zip((difference**2).mean(-1), known)])
    local = np.stack([_mean(variance, inside) for variance, inside in zip(own, known)])
    factor = np.float32(np.clip(np.quantile(total[known] / np.maximum(local[known], 1e-9), ABOUT_RIGHT), *FACTORS))
    other = np.maximum(total - factor * local, np.float32(FLOOR))
    weight[region] = np.where(known, other / (other + factor * own), np.float32(0))
    result[region] -= weight[region][..., None] * difference
    return result, weight


def _mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The mean of the known values (zero where unknown) around each pixel, float32 (h, w)."""
    size = (SIDE, SIDE)
    total = cv2.boxFilter(values.astype(np.float32), -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    count = cv2.boxFilter(known.astype(np.float32), -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(count, 1))
