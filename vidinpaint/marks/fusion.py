"""`fuse`: two estimates of the same pixels, averaged with weights by their variances.

Un-blended pixels have noise, whose variance is known from that of the clip and the opacity, and errors of the template,
which stay the same from frame to frame. Propagated and synthesised pixels err differently in every frame where the
camera moves. So the mean over time of the difference of the two, where it is significant, is taken to be an error of
the template, and removed; where nothing moves, the mean is then that of the propagated or synthesised pixels. What is
left is averaged: the mean square of the difference of the two estimates, over a small neighbourhood, is the sum of both
variances, and independent estimates are best averaged with weights 1 / variance.
"""

import cv2
import numpy as np

SIDE = 11  # pixels per side of the neighbourhood: some 300 values with their channels, and still within one texture
FLOOR = (1.5 / 255) ** 2  # variance of the best propagated pixels: the noise of the frame that they come from
MIN_FRAMES = 8  # over which an error of the template can be told from others
SIGNIFICANT = 4.0  # square of the mean over its variance from which on it is an error of the template: two deviations
PERSISTENCE = 3.0  # frames over which the errors of propagated pixels stay alike, about
_CLOSE = 3  # pixels per side over which the significance is measured: the width of a stroke


def fuse(
    pixels: np.ndarray, unblended: np.ndarray, deviation: np.ndarray, where: np.ndarray, exact: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """The averaged pixels float32 (T, H, W, 3), and the weight of the un-blended ones float32 (T, H, W) in [0, 1].

    pixels     float32 (T, H, W, 3) RGB: propagated or synthesised
    unblended  float32 (T, H, W, 3) RGB
    deviation  float32 (T, H, W): standard deviation of the un-blended pixels; infinite where they say nothing
    where      bool (T, H, W), True where both are known; other pixels are not changed, and have weight 0
    exact      whether the template has no errors. Default: False
    """
    result, weight = pixels.copy(), np.zeros(where.shape, np.float32)
    both = where & np.isfinite(deviation)
    x, y, width, height = cv2.boundingRect(both.any(0).view(np.uint8))
    if not width:
        return result, weight
    region = (slice(None), slice(y, y + height), slice(x, x + width))
    known = both[region]
    difference = np.where(known[..., None], pixels[region] - unblended[region], np.float32(0))
    if not exact:
        difference -= np.where(known[..., None], _lasting(difference, known), np.float32(0))
    own = np.where(known, deviation[region], np.float32(0)) ** 2
    total = np.stack([_mean(square, inside, SIDE) for square, inside in zip((difference**2).mean(-1), known)])
    local = np.stack([_mean(variance, inside, SIDE) for variance, inside in zip(own, known)])
    other = np.maximum(total - local, np.float32(FLOOR))
    weight[region] = np.where(known, other / (other + own), np.float32(0))
    result[region] -= weight[region][..., None] * difference
    return result, weight


def _lasting(difference: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): the mean over time of the difference float32 (T, H, W, 3), where it is significant."""
    count = known.sum(0).astype(np.float32)
    enough = count >= MIN_FRAMES
    mean = difference.sum(0) / np.maximum(count, 1)[..., None]
    squares = (difference**2).sum(0) / np.maximum(count, 1)[..., None]
    variance = (squares - mean**2).mean(-1) * PERSISTENCE / np.maximum(count, 1)
    size, chance = _mean((mean**2).mean(-1), enough, _CLOSE), _mean(variance, enough, _CLOSE)
    significant = enough & (size > SIGNIFICANT * chance)
    return np.where(significant[..., None], mean, np.float32(0))


def _mean(values: np.ndarray, known: np.ndarray, side: int) -> np.ndarray:
    """The mean of the known values around each pixel, over side x side pixels, float32 (h, w)."""
    size = (side, side)
    values = np.where(known, values, np.float32(0))
    total = cv2.boxFilter(values, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    count = cv2.boxFilter(known.astype(np.float32), -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(count, 1))
