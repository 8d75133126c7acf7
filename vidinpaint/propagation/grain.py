"""Grain: inpainted pixels get the noise over time that the clip has around them, where they have too little.

A pixel that is always taken from the same frame, or was synthesised once, has no noise over time. The noise of a place
is measured by the local variance of the difference of neighbouring frames, without motion compensation: inpainted
pixels that move have much variance and get nothing. The calmer quarter of all resting places around the masks gives
the clip's noise; where the camera moves there are none, and nothing is added. The added noise has the same covariance
of channels and correlation of neighbouring pixels. It is computed from the numbers of frame, row and column, so that
it does not depend on windows, crops or threads.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.morphology import dilate

PLACE = 15  # pixels per side of a place, the area over which variance is measured
RING = 40  # pixels around the masks where noise is measured
CALM = 0.25  # quantile of places that gives the noise
MAX_RATIO = 1.5  # to that quantile: correlations are measured in places with less variance than this
PAIRS = 8  # pairs of frames on which noise is measured, at most
MIN_PLACES = 64  # with fewer, noise is not measured
MAX_MOTION = 0.2  # mean pixels per frame of a resting place
MIN_NOISE = 0.4 / 255  # standard deviation; less is rounding, and is ignored


@dataclass(frozen=True)
class Noise:
    """A clip's noise: covariance (3, 3) of its channels, correlation (2,) of vertical and horizontal neighbours."""

    covariance: np.ndarray
    correlation: np.ndarray

    @property
    def variance(self) -> float:
        """The mean variance of the channels, colours in [0, 1]."""
        return float(self.covariance.trace() / 3)


def add_grain(
    canvas: Canvas, first: int, place: tuple[int, int], strength: float, seed: int, flow: FlowPair | None = None
) -> Canvas:
    """The canvas with noise added to inpainted pixels that have too little; the same canvas if none has.

    first     absolute number of its first frame; place: absolute row and column of its first pixel
    strength  factor of the missing standard deviation; 0 adds nothing
    seed      of the noise
    flow      motion of the picture; None: all of it is taken to rest
    """
    inpainted = canvas.source != Source.ORIGINAL
    lacks_noise = inpainted & (canvas.source != Source.UNBLENDED)  # un-blended pixels have more than others
    if strength == 0 or not lacks_noise.any():
        return canvas
    noise = measure_noise(canvas.pixels, inpainted, flow)
    if noise is None:
        return canvas
    inpainted = lacks_noise
    rows, columns = _bounds(inpainted.any(0))
    region = (slice(None), rows, columns)
    missing = _missing(canvas.pixels[region], inpainted[region], noise)
    if not missing.any():
        return canvas
    corner = (place[0] + rows.start, place[1] + columns.start)
    root = _root(noise).T.astype(np.float32)
    pixels = canvas.pixels.copy()
    for t, deviation in enumerate(missing):  # frame by frame: crops are large
        lacking = deviation > 0
        if lacking.any():
            added = _field(first + t, corner, (1, *deviation.shape), noise.correlation, seed)[0][lacking] @ root
            view = pixels[t][rows, columns]
            view[lacking] = np.clip(view[lacking] + np.float32(strength) * deviation[lacking][:, None] * added, 0, 1)
    return Canvas(pixels, canvas.source)


def measure_noise(pixels: np.ndarray, inpainted: np.ndarray, flow: FlowPair | None = None) -> Noise | None:
    """The noise over time around the inpainted pixels; None if it is too weak or cannot be measured.

    pixels float32 (T, H, W, 3) in [0, 1], inpainted bool (T, H, W); flow as in `add_grain`
    """
    if len(pixels) < 2 or not inpainted.any():
        return None
    pairs = np.unique(np.linspace(0, len(pixels) - 2, min(PAIRS, len(pixels) - 1)).astype(int))
    measured = []
    for pair in pairs.tolist():
        hidden = inpainted[pair] | inpainted[pair + 1]
        ring = dilate(hidden, RING, "square") & ~hidden
        if flow is not None and not flow.static[pair]:
            ring &= _resting(flow, pair, ring.shape)
        if not ring.any():
            continue
        rows, columns = _bounds(ring)
        difference = pixels[pair + 1][rows, columns] - pixels[pair][rows, columns]
        ring = ring[rows, columns]
        measured.append((difference, ring, _variance(difference, ring)))
    places = [variance[ring] for _, ring, variance in measured]
    if not places or sum(map(len, places)) < MIN_PLACES:
        return None
    limit = float(np.quantile(np.concatenate(places), CALM))
    if limit / 2 < MIN_NOISE**2:
        return None
    products, down, across = np.zeros((3, 3)), np.zeros(2), np.zeros(2)
    count = 0
    for difference, ring, variance in measured:
        calm = ring & (variance <= MAX_RATIO * limit)
        residual = np.where(calm[..., None], difference - _mean(difference, calm), np.float32(0)).astype(np.float64)
        count += int(calm.sum())
        products += np.einsum("yxc,yxd->cd", residual, residual)
        for sums, one, other, both in (
            (down, residual[1:], residual[:-1], calm[1:] & calm[:-1]),
            (across, residual[:, 1:], residual[:, :-1], calm[:, 1:] & calm[:, :-1]),
        ):
            sums += (float((one * other)[both].sum()), float((one**2 + other**2)[both].sum() / 2))
    shape = products / max(count, 1)
    covariance = shape * (limit / max(shape.trace() / 3, 1e-12)) / 2  # two frames' noise is in a difference
    return Noise(covariance, np.array([sums[0] / max(sums[1], 1e-12) for sums in (down, across)]))


def _resting(flow: FlowPair, pair: int, shape: tuple[int, ...]) -> np.ndarray:
    """bool (H, W): places that move less than MAX_MOTION."""
    side = -(-PLACE // flow.step)
    still = (np.abs(cv2.blur(flow.forward[pair], (side, side))) < MAX_MOTION).all(2)
    if flow.step > 1:
        still = np.repeat(np.repeat(still, flow.step, 0), flow.step, 1)[: shape[0], : shape[1]]
    return np.asarray(still)


def _missing(pixels: np.ndarray, inpainted: np.ndarray, noise: Noise) -> np.ndarray:
    """float32 (T, H, W): standard deviation to add, as a fraction of the noise's; 0 where hardly any is missing."""
    T = len(pixels)
    total, pairs = np.zeros(inpainted.shape, np.float32), np.zeros(inpainted.shape, np.float32)
    for pair in range(T - 1):
        both = inpainted[pair] & inpainted[pair + 1]
        if both.any():
            variance = np.where(both, _variance(pixels[pair + 1] - pixels[pair], both), np.float32(0))
            for t in (pair, pair + 1):
                total[t] += variance
                pairs[t] += both
    own = total / np.maximum(pairs, 1) / 2
    share = np.clip(1 - own / np.float32(noise.variance), 0, 1)
    share[~inpainted | (share * noise.variance < MIN_NOISE**2)] = 0
    return np.sqrt(share)


def _mean(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Means (H, W, 3) over places, of the values with `counts` True."""
    weight = counts.astype(np.float32)
    total = cv2.blur(values * weight[..., None], (PLACE, PLACE), borderType=cv2.BORDER_CONSTANT)
    share = cv2.blur(weight, (PLACE, PLACE), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(share, np.float32(1e-6))[..., None])


def _variance(difference: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float32 (H, W): variance of a difference (H, W, 3) over places, the mean of the channels."""
    spread = _mean(difference * difference, counts) - _mean(difference, counts) ** 2
    return np.asarray(np.maximum(spread.mean(2), np.float32(0)))


def _bounds(mask: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of the bounding box of mask bool (H, W)."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return slice(y, y + height), slice(x, x + width)


def _root(noise: Noise) -> np.ndarray:
    """float64 (3, 3): matrix that gives independent channels the covariance of the noise."""
    values, vectors = np.linalg.eigh(noise.covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def _tap(correlation: float) -> float:
    """k of the kernel (k, 1, k) that gives white noise this correlation of neighbours: 2k / (1 + 2k^2)."""
    target = min(max(correlation, 0.0), 0.7)
    return (1 - np.sqrt(1 - 2 * target**2)) / (2 * target) if target > 1e-3 else 0.0


def _field(
    first: int, corner: tuple[int, int], shape: tuple[int, ...], correlation: np.ndarray, seed: int
) -> np.ndarray:
    """float32 (T, H, W, 3): noise of variance 1, channels independent, neighbours correlated."""
    T, H, W = shape
    down, across = _tap(correlation[0]), _tap(correlation[1])
    white = np.empty((T, H + 2, W + 2, 3))
    run_in_ranges(_white_noise, H + 2, np.uint64(seed), first, corner[0] - 1, corner[1] - 1, white)
    rows = white[:, :, 1:-1] + across * (white[:, :, :-2] + white[:, :, 2:])
    total = down * rows[:, :-2] + rows[:, 1:-1] + down * rows[:, 2:]
    return np.asarray(total / np.sqrt((1 + 2 * down**2) * (1 + 2 * across**2)), np.float32)


@kernel
def _white_noise(start, stop, seed, first, top, left, white):  # type: ignore[no-untyped-def]
    """Nearly normal noise, mean 0, variance 1, by absolute frame, row, column and channel, for the rows start to stop.

    Four uniform numbers from one hash are summed (Steele et al. 2014, SplitMix64).
    """
    T, _, W, C = white.shape
    for t in range(T):
        for y in range(start, stop):
            for x in range(W):
                for c in range(C):
                    state = seed + np.uint64(first + t) * np.uint64(0x9E3779B97F4A7C15)
                    state += np.uint64(top + y + 1) * np.uint64(0xD1B54A32D192ED03)
                    state += np.uint64(left + x + 1) * np.uint64(0xABC98388FB8FAC03)
                    state += np.uint64(c + 1) * np.uint64(0x8CB92BA72F3D8DD7)
                    for _ in range(2):
                        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                        state = state ^ (state >> np.uint64(31))
                    total = 0.0
                    for k in range(4):
                        total += np.float64((state >> np.uint64(16 * k)) & np.uint64(0xFFFF)) / 65536.0
                    white[t, y, x, c] = (total - 2.0 + 2.0 / 65536.0) * np.sqrt(3.0)
