"""Which of several warped sources replaces which part of a mask: whole regions from one source, and seams between
sources where they cost least.

Every source has a cost at every pixel: how badly it continues the known ring around the mask, how far it is from what
most sources show there (a person may pass by in one of them), and how distant in time it is. Costs are averaged over a
neighbourhood, the cheapest source is selected, and isolated pixels join the source selected around them (Hosni et al.
2013, Fast cost-volume filtering; Granados et al. 2012 for the terms). The selected pixels are brought to the ring's
exposure, and a membrane closes their border (Perez et al. 2003, section 2).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from vidinpaint.numerics.laplace import push_pull, smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.warp_source import WarpedSource

RING = 24  # pixels around the mask in which sources are compared with the target
MAX_ERROR = 0.15  # a pixel's larger difference counts as this much
NEIGHBOURHOOD = (9, 9)  # pixels over which costs are averaged
BASE_COST, COST_PER_CONTRAST = 0.02, 0.25
"""Limit of a source's cost, and its increase per contrast of the ring; above it, synthesising has the smaller error."""
ISOLATION_COST = 0.04  # of a pixel none of whose neighbours has the same source
SMOOTHING_ROUNDS = 4
SEAM_SIGMA = 1.5  # pixels over which one source fades into the next
MAX_CORRECTION = 0.1  # by the membrane
MAX_ERROR_RATIO = 0.9  # of the error with a changed exposure to that without; a change that gains less is not made


def select_sources(
    target: np.ndarray, unknown: np.ndarray, sources: Sequence[WarpedSource], penalties: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Pixels float32 (h, w, 3), and the index into `sources` of each unknown one int16 (h, w), -1 where none fits.

    target     float32 (h, w, 3) RGB in [0, 1], unknown bool (h, w): the crop, and which of its pixels are unknown
    penalties  a constant cost for each source; 0.02 is small
    """
    ring = ~unknown & dilate(unknown, RING, "square")
    matched = [_match_exposure(target, ring, source) for source in sources]
    valid = np.stack([source.valid for source in sources])
    outliers = _distance_to_median(matched, valid)
    costs = np.stack(
        [
            _mean_around(_ring_error(target, ring, pixels, source.valid) + outlier, source.valid)
            for pixels, source, outlier in zip(matched, sources, outliers)
        ]
    )
    index = _cheapest(costs + np.array(penalties, np.float32)[:, None, None])
    cost = np.take_along_axis(costs, index[None], 0)[0]
    index[cost > BASE_COST + COST_PER_CONTRAST * _contrast(target, ring)] = -1
    pixels = _blend(matched, valid, index)
    found = index >= 0
    offset = np.where(ring & found, 1, 0)[..., None] * (target - pixels)
    border = ring & found & dilate(unknown, 2, "square")
    if border.any():
        membrane = smooth_interpolation(offset[None].astype(np.float32), ~border[None])[0]
        pixels = pixels + np.clip(membrane, -MAX_CORRECTION, MAX_CORRECTION)
    return np.clip(pixels, 0, 1).astype(np.float32), np.where(unknown, index, -1).astype(np.int16)


def _match_exposure(target: np.ndarray, ring: np.ndarray, source: WarpedSource) -> np.ndarray:
    """The source's pixels with the gain and offset, per channel, that bring its ring to the target's."""
    region = ring & source.valid
    if region.sum() < 50:
        return source.pixels
    result = source.pixels.copy()
    for channel in range(3):
        x, y = source.pixels[region][:, channel], target[region][:, channel]
        gain, offset = _robust_line(x, y)
        before, after = np.abs(y - x), np.abs(y - gain * x - offset)
        if np.median(after) < MAX_ERROR_RATIO * np.median(before):
            result[..., channel] = gain * source.pixels[..., channel] + offset
    return result


def _robust_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Gain (0.5 to 2) and offset of y against x: from their spread first, then without the worse half of the pixels."""
    gain = _gain(float(np.ptp(np.quantile(x, (0.2, 0.8)))), float(np.ptp(np.quantile(y, (0.2, 0.8)))))
    offset = float(np.median(y - gain * x))
    for _ in range(3):
        residual = np.abs(y - gain * x - offset)
        inliers = residual <= np.median(residual)
        covariance = np.cov(x[inliers], y[inliers])
        gain = _gain(float(covariance[0, 0]), float(covariance[0, 1]))
        offset = float(np.mean(y[inliers]) - gain * np.mean(x[inliers]))
    return gain, offset


def _gain(source: float, target: float) -> float:
    """The quotient, 0.5 to 2, where there is enough contrast to measure it, otherwise 1."""
    return float(np.clip(target / source, 0.5, 2.0)) if source > 1e-3 else 1.0


def _ring_error(target: np.ndarray, ring: np.ndarray, pixels: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """float32 (h, w): the difference on the ring, interpolated smoothly into the mask."""
    region = ring & valid
    if not region.any():
        return np.full(ring.shape, np.float32(MAX_ERROR))
    error = np.minimum(np.abs(target - pixels).mean(-1), np.float32(MAX_ERROR))
    return push_pull(error[..., None].astype(np.float32), region)[..., 0]


def _distance_to_median(matched: Sequence[np.ndarray], valid: np.ndarray) -> np.ndarray:
    """float32 (K, h, w): how far each source is from the median of all; 0 where fewer than three show the pixel."""
    result = np.zeros(valid.shape, np.float32)
    if len(matched) < 3:
        return result
    grey = np.stack([pixels.mean(-1) for pixels in matched])
    grey[~valid] = np.nan
    enough = valid.sum(0) >= 3
    median = np.nanmedian(grey[:, enough], 0)
    distance = np.abs(grey[:, enough] - median)
    result[:, enough] = np.where(np.isnan(distance), 0, np.minimum(distance, MAX_ERROR))
    return result


def _mean_around(cost: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """The mean over the valid pixels in the neighbourhood; infinite where the source shows nothing."""
    weight = cv2.blur(valid.astype(np.float32), NEIGHBOURHOOD)
    total = cv2.blur(np.where(valid, cost, 0).astype(np.float32), NEIGHBOURHOOD)
    return np.where(valid, total / np.maximum(weight, 1e-6), np.float32(np.inf))


def _cheapest(costs: np.ndarray) -> np.ndarray:
    """int16 (h, w): the index of the cheapest source, where a source that is rare in the neighbourhood costs more."""
    index = costs.argmin(0)
    for _ in range(SMOOTHING_ROUNDS if len(costs) > 1 else 0):
        rarity = np.stack([1 - cv2.blur((index == k).astype(np.float32), NEIGHBOURHOOD) for k in range(len(costs))])
        index = (costs + ISOLATION_COST * rarity).argmin(0)
    return np.asarray(index, np.int16)


def _contrast(target: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """float32 (h, w): the ring's deviation from its local mean, interpolated smoothly into the mask."""
    weight = np.maximum(cv2.blur(ring.astype(np.float32), NEIGHBOURHOOD), 1e-6)[..., None]
    mean = cv2.blur(np.where(ring[..., None], target, np.float32(0)), NEIGHBOURHOOD) / weight
    deviation = np.abs(target - mean).mean(-1, keepdims=True)
    return np.asarray(push_pull(deviation, ring)[..., 0])


def _blend(matched: Sequence[np.ndarray], valid: np.ndarray, index: np.ndarray) -> np.ndarray:
    """float32 (h, w, 3): the selected sources, each fading into the next over a pixel or two."""
    total = np.zeros((*index.shape, 3), np.float32)
    total_weight = np.zeros(index.shape, np.float32)
    for k, pixels in enumerate(matched):
        weight = cv2.GaussianBlur((index == k).astype(np.float32), (0, 0), SEAM_SIGMA) * valid[k]
        total += weight[..., None] * pixels
        total_weight += weight
    return total / np.maximum(total_weight, 1e-6)[..., None]
