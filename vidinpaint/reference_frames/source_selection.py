"""Which of several drawn sources inpaints which part of a mask: whole regions from one, and seams where they cost
least.

Every source has a cost at every pixel: how badly it continues the known ring around the mask, how far it is from what
most sources show there (a person who passes by in one of them), and how far away in time it is. Costs are averaged over
a neighbourhood, the cheapest wins, and lonely labels give way to those around them (Hosni et al. 2013, Fast
cost-volume filtering; Granados et al. 2012 for the terms). What is chosen is brought to the ring's exposure and closed
with a membrane (Perez et al. 2003, section 2).
"""

from collections.abc import Sequence

import cv2
import numpy as np

from vidinpaint.numerics.laplace import push_pull, smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.warp_source import WarpedSource

RING = 24  # pixels around a mask on which sources are compared with the target
WORST = 0.15  # difference beyond which one pixel's error does not count further
AVERAGED = 9  # pixels a side over which costs are averaged
TOO_BAD, TOO_BAD_SHARE = 0.02, 0.25  # misfit, and share of the ring's contrast: over both together a source shows
# something else, and synthesising errs less
LONELY = 0.04  # cost of a pixel none of whose neighbours takes the same source
SWEEPS = 4
SOFT_SEAM = 1.5  # pixels
MEMBRANE = 0.1  # largest correction
UNIT_GAIN = 0.9  # error, as a share of that without, that a change of exposure has to reach to be made


def choose(
    target: np.ndarray, unknown: np.ndarray, drawn: Sequence[WarpedSource], penalties: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Pixels float32 (h, w, 3) for what is unknown, and the number of their source int16 (h, w), -1 where none will do.

    target float32 (h, w, 3), unknown bool (h, w); penalties: a cost for each source, 0.02 is little.
    """
    known = ~unknown
    ring = known & dilate(unknown, RING, "square")
    matched = [_exposed(target, ring, one) for one in drawn]
    valid = np.stack([one.valid for one in drawn])
    agreed = _agreement(matched, valid)
    misfits = np.stack(
        [
            _averaged(_ring_error(target, ring, pixels, one.valid) + far, one.valid)
            for pixels, one, far in zip(matched, drawn, agreed)
        ]
    )
    label = _smoothed_labels(misfits + np.array(penalties, np.float32)[:, None, None])
    misfit = np.take_along_axis(misfits, label[None], 0)[0]
    label[misfit > TOO_BAD + TOO_BAD_SHARE * _contrast(target, ring)] = -1
    pixels = _blended(matched, valid, label)
    found = label >= 0
    offset = np.where(ring & found, 1, 0)[..., None] * (target - pixels)
    border = ring & found & dilate(unknown, 2, "square")
    if border.any():
        field = smooth_interpolation(offset[None].astype(np.float32), ~border[None])[0]
        pixels = pixels + np.clip(field, -MEMBRANE, MEMBRANE)
    return np.clip(pixels, 0, 1).astype(np.float32), np.where(unknown, label, -1).astype(np.int16)


def _exposed(target: np.ndarray, ring: np.ndarray, one: WarpedSource) -> np.ndarray:
    """The source's pixels with the gain and offset, per channel, that bring its ring to the target's."""
    here = ring & one.valid
    if here.sum() < 50:
        return one.pixels
    result = one.pixels.copy()
    for channel in range(3):
        theirs, ours = one.pixels[here][:, channel], target[here][:, channel]
        gain, offset = _robust_line(theirs, ours)
        before, after = np.abs(ours - theirs), np.abs(ours - gain * theirs - offset)
        if np.median(after) < UNIT_GAIN * np.median(before):
            result[..., channel] = gain * one.pixels[..., channel] + offset
    return result


def _robust_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Gain (0.5 to 2) and offset of y against x: by their spread first, then without the worse half of the pixels."""
    gain = _gain(float(np.ptp(np.quantile(x, (0.2, 0.8)))), float(np.ptp(np.quantile(y, (0.2, 0.8)))))
    offset = float(np.median(y - gain * x))
    for _ in range(3):
        residual = np.abs(y - gain * x - offset)
        keep = residual <= np.median(residual)
        covariance = np.cov(x[keep], y[keep])
        gain = _gain(float(covariance[0, 0]), float(covariance[0, 1]))
        offset = float(np.mean(y[keep]) - gain * np.mean(x[keep]))
    return gain, offset


def _gain(theirs: float, ours: float) -> float:
    """The quotient where there is enough contrast to tell, else 1."""
    return float(np.clip(ours / theirs, 0.5, 2.0)) if theirs > 1e-3 else 1.0


def _ring_error(target: np.ndarray, ring: np.ndarray, pixels: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """float32 (h, w): the ring's difference, propagated smoothly into the mask."""
    here = ring & valid
    if not here.any():
        return np.full(ring.shape, np.float32(WORST))
    error = np.minimum(np.abs(target - pixels).mean(-1), np.float32(WORST))
    return push_pull(error[..., None].astype(np.float32), here)[..., 0]


def _agreement(matched: Sequence[np.ndarray], valid: np.ndarray) -> np.ndarray:
    """float32 (K, h, w): how far each source is from the median of all that show a pixel, where three or more do."""
    result = np.zeros(valid.shape, np.float32)
    if len(matched) < 3:
        return result
    grey = np.stack([pixels.mean(-1) for pixels in matched])
    grey[~valid] = np.nan
    enough = valid.sum(0) >= 3
    median = np.nanmedian(grey[:, enough], 0)
    distance = np.abs(grey[:, enough] - median)
    result[:, enough] = np.where(np.isnan(distance), 0, np.minimum(distance, WORST))
    return result


def _averaged(cost: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """The mean over the valid pixels around; no mean counts where the source shows nothing."""
    weight = cv2.blur(valid.astype(np.float32), (AVERAGED, AVERAGED))
    total = cv2.blur(np.where(valid, cost, 0).astype(np.float32), (AVERAGED, AVERAGED))
    return np.where(valid, total / np.maximum(weight, 1e-6), np.float32(np.inf))


def _smoothed_labels(costs: np.ndarray) -> np.ndarray:
    """int16 (h, w): the cheapest source, with a price on being alone."""
    label = costs.argmin(0)
    for _ in range(SWEEPS if len(costs) > 1 else 0):
        alone = np.stack(
            [1 - cv2.blur((label == k).astype(np.float32), (AVERAGED, AVERAGED)) for k in range(len(costs))]
        )
        label = (costs + LONELY * alone).argmin(0)
    return np.asarray(label, np.int16)


def _contrast(target: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """float32 (h, w): the ring's deviation from its local mean, propagated smoothly into the mask."""
    size = (AVERAGED, AVERAGED)
    weight = np.maximum(cv2.blur(ring.astype(np.float32), size), 1e-6)[..., None]
    mean = cv2.blur(np.where(ring[..., None], target, np.float32(0)), size) / weight
    deviation = np.abs(target - mean).mean(-1, keepdims=True)
    return np.asarray(push_pull(deviation, ring)[..., 0])


def _blended(matched: Sequence[np.ndarray], valid: np.ndarray, label: np.ndarray) -> np.ndarray:
    """The chosen sources, each fading into the next over a pixel or two."""
    total = np.zeros((*label.shape, 3), np.float32)
    weight = np.zeros(label.shape, np.float32)
    for k, pixels in enumerate(matched):
        mine = cv2.GaussianBlur((label == k).astype(np.float32), (0, 0), SOFT_SEAM) * valid[k]
        total += mine[..., None] * pixels
        weight += mine
    return total / np.maximum(weight, 1e-6)[..., None]
