"""Grain: what was inpainted gets the noise over time that the clip has around it, where it unavailable_reason some.

A pixel taken from the same frame again and again, or synthesised once, stands still while all around it the picture
lives. How much a place changes is measured by the local variance of the difference of neighbouring frames, without any
motion: inpaint that moves has much of it, and nothing is missing. Around the masks the calmer quarter of all places
that stand still gives the noise: where the camera moves, there are none, and nothing is added. Its variance in each
channel, how channels go together, and how neighbouring pixels do, are those of the noise that is added. It is made from
the numbers of frame, row and column, so that it does not depend on windows, crops or threads.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.morphology import dilate

AROUND = 15  # pixels a side of a place
RING = 40  # pixels around the masks where noise is measured
CALM = 0.25  # quantile of places that gives the noise
LIKE_IT = 1.5  # times that variance: places on which correlations are measured
PAIRS = 8  # pairs of frames looked at for the noise
FEWEST = 64  # places
STILL = 0.2  # pixels a frame that a place may move, on the mean
WEAKEST = 0.4 / 255  # standard deviation below which noise is rounding, and is left alone


@dataclass(frozen=True)
class Noise:
    """The noise of a clip: covariance (3, 3) of its channels, correlation (2,) of neighbours down and across."""

    covariance: np.ndarray
    correlation: np.ndarray

    @property
    def variance(self) -> float:
        return float(self.covariance.trace() / 3)


def add_grain(
    canvas: Canvas, first: int, place: tuple[int, int], strength: float, seed: int, flow: FlowPair | None = None
) -> Canvas:
    """The canvas with noise added to inpainted pixels that have less than what is around them; else the same canvas.

    first     absolute number of its first frame; place: absolute row and column of its first pixel
    strength  times the standard deviation that is missing
    flow      how the picture moves; None: all of it is taken to stand still
    """
    inpainted = canvas.source != Source.ORIGINAL
    noise = measure_noise(canvas.pixels, inpainted, flow) if strength > 0 else None
    if noise is None:
        return canvas
    rows, columns = _bounds(inpainted.any(0))
    here = (slice(None), rows, columns)
    missing = _missing(canvas.pixels[here], inpainted[here], noise)
    if not missing.any():
        return canvas
    corner = (place[0] + rows.start, place[1] + columns.start)
    root = _root(noise).T.astype(np.float32)
    pixels = canvas.pixels.copy()
    for t, share in enumerate(missing):  # frame by frame: crops are large
        unavailable_reason = share > 0
        if unavailable_reason.any():
            added = _field(first + t, corner, (1, *share.shape), noise.correlation, seed)[0][unavailable_reason] @ root
            view = pixels[t][rows, columns]
            view[unavailable_reason] = np.clip(
                view[unavailable_reason] + np.float32(strength) * share[unavailable_reason][:, None] * added, 0, 1
            )
    return Canvas(pixels, canvas.source)


def measure_noise(pixels: np.ndarray, inpainted: np.ndarray, flow: FlowPair | None = None) -> Noise | None:
    """The noise over time around what was inpainted; None where it is too weak or cannot be measured.

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
            ring &= _stands(flow, pair, ring.shape)
        if not ring.any():
            continue
        rows, columns = _bounds(ring)
        difference = pixels[pair + 1][rows, columns] - pixels[pair][rows, columns]
        ring = ring[rows, columns]
        measured.append((difference, ring, _variance(difference, ring)))
    places = [variance[ring] for _, ring, variance in measured]
    if not places or sum(map(len, places)) < FEWEST:
        return None
    limit = float(np.quantile(np.concatenate(places), CALM))
    if limit / 2 < WEAKEST**2:
        return None
    products, down, across = np.zeros((3, 3)), np.zeros(2), np.zeros(2)
    count = 0
    for difference, ring, variance in measured:
        calm = ring & (variance <= LIKE_IT * limit)
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


def _stands(flow: FlowPair, pair: int, shape: tuple[int, ...]) -> np.ndarray:
    """bool (H, W): places that move less than STILL."""
    side = -(-AROUND // flow.step)
    still = (np.abs(cv2.blur(flow.forward[pair], (side, side))) < STILL).all(2)
    if flow.step > 1:
        still = np.repeat(np.repeat(still, flow.step, 0), flow.step, 1)[: shape[0], : shape[1]]
    return np.asarray(still)


def _missing(pixels: np.ndarray, inpainted: np.ndarray, noise: Noise) -> np.ndarray:
    """float32 (T, H, W): standard deviation to add, as a share of the noise's; 0 where too little is missing."""
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
    share[~inpainted | (share * noise.variance < WEAKEST**2)] = 0
    return np.sqrt(share)


def _mean(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Means (H, W, 3) over a place of the values that count."""
    weight = counts.astype(np.float32)
    total = cv2.blur(values * weight[..., None], (AROUND, AROUND), borderType=cv2.BORDER_CONSTANT)
    share = cv2.blur(weight, (AROUND, AROUND), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / np.maximum(share, np.float32(1e-6))[..., None])


def _variance(difference: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float32 (H, W): variance of a difference (H, W, 3) over places, the mean of the channels."""
    spread = _mean(difference * difference, counts) - _mean(difference, counts) ** 2
    return np.asarray(np.maximum(spread.mean(2), np.float32(0)))


def _bounds(mask: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns around all that is True in bool (H, W)."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return slice(y, y + height), slice(x, x + width)


def _root(noise: Noise) -> np.ndarray:
    """float64 (3, 3): what makes independent channels go together like the noise's."""
    values, vectors = np.linalg.eigh(noise.covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def _tap(correlation: float) -> float:
    """k of the kernel (k, 1, k) that gives white noise this correlation of neighbours: 2k / (1 + 2k^2)."""
    wanted = min(max(correlation, 0.0), 0.7)
    return (1 - np.sqrt(1 - 2 * wanted**2)) / (2 * wanted) if wanted > 1e-3 else 0.0


def _field(
    first: int, corner: tuple[int, int], shape: tuple[int, ...], correlation: np.ndarray, seed: int
) -> np.ndarray:
    """float32 (T, H, W, 3): noise of variance 1, channels independent, neighbours correlated."""
    T, H, W = shape
    down, across = _tap(correlation[0]), _tap(correlation[1])
    white = np.empty((T, H + 2, W + 2, 3))
    run_in_ranges(_draw, H + 2, np.uint64(seed), first, corner[0] - 1, corner[1] - 1, white)
    rows = white[:, :, 1:-1] + across * (white[:, :, :-2] + white[:, :, 2:])
    total = down * rows[:, :-2] + rows[:, 1:-1] + down * rows[:, 2:]
    return np.asarray(total / np.sqrt((1 + 2 * down**2) * (1 + 2 * across**2)), np.float32)


@kernel
def _draw(start, stop, seed, first, top, left, white):  # type: ignore[no-untyped-def]
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
