"""Closing the seams between sources, and between propagated and known pixels: screened Poisson.

Per frame, the inpainted pixels u minimise  sum |u(q) - u(p) - g(p, q)|^2 + lambda |u(p) - c(p)|^2  over neighbours p, q
(Perez et al. 2003, Poisson image editing; the screening term of Bhat et al. 2008, Fourier analysis of the 2D screened
Poisson equation). c is the fused colour; the guidance g is the difference of the candidates where both neighbours
come from the same frame, else the source frame's own gradient. lambda is high where the two directions agree: there
is no seam to close, and a small constant lambda would smear (it costs 2 dB). Below full confidence
(`confidence.py`), c and g are scaled down.
"""

from typing import NamedTuple

import numpy as np

from vidinpaint.numerics.kernels import inner, kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.numerics.warping import all_known, sample_colour
from vidinpaint.propagation.trace import Candidates

FLOOR = 0.02  # lambda that every pixel has
AGREED = 2.0  # added where both directions agree
AGREEMENT = 10 / 255  # colour difference over which that falls
SINGLE = 0.1  # added where only one direction found a colour
SINGLE_REACH = 20.0  # hops over which that falls
SWEEPS = 30  # at most
MAX_LAST_CHANGE = np.float32(0.3 / 255)  # largest change of a sweep that is the last
OMEGA = 1.6  # of successive over-relaxation


class _Sources(NamedTuple):
    """Where colours come from: frame, position and colour as in `Candidates`, the rest as in `close_seams`."""

    pixels: np.ndarray
    unknown: np.ndarray
    frame: np.ndarray
    position: np.ndarray
    colour: np.ndarray
    weight: np.ndarray


class _Guidance(NamedTuple):
    """The target of u(neighbour) - u(pixel) for each mask pixel and direction.

    difference  float32 (N, 4, 3)
    joined      bool (N, 4), whether there is one
    """

    difference: np.ndarray
    joined: np.ndarray


def close_seams(
    pixels: np.ndarray,
    unknown: np.ndarray,
    mask_pixels: MaskPixels,
    index: np.ndarray,
    candidates: Candidates,
    weights: np.ndarray,
    target: np.ndarray,
    difference: np.ndarray,
    confidence: np.ndarray,
) -> None:
    """Solve for the mask pixels that have a colour, in place.

    pixels float32 (T, H, W, 3): sources, known neighbours, and at the mask pixels the target colour as a start.
    unknown bool (T, H, W), index int32 (T, H, W): the entry of each pixel or -1, weights float32 (N, 2), target
    float32 (N, 3), difference float32 (N,): colour difference of the two directions, confidence float32 (N,): factor
    of the sources' gradients.
    """
    arrays, count = mask_pixels.arrays, len(mask_pixels)
    guidance = _Guidance(np.zeros((count, 4, 3), np.float32), np.zeros((count, 4), bool))
    sources = _Sources(pixels, unknown, candidates.frame, candidates.position, candidates.colour, weights)
    run_in_ranges(_guide, len(index), arrays, index, sources, np.empty((len(index), 3), np.float32), guidance)
    guidance.difference[:] *= confidence[:, None, None]
    screening = _screening(candidates, weights, difference)
    found = weights.sum(1) > 0
    run_in_ranges(_solve, len(index), pixels, arrays, index, target, screening, found, guidance)


def _screening(candidates: Candidates, weights: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """float32 (N,): lambda."""
    agreed = AGREED * np.exp(-((difference / AGREEMENT) ** 2))
    single = SINGLE * np.exp(-candidates.hops.max(1) / SINGLE_REACH)
    return np.asarray(FLOOR + np.where((weights > 0).all(1), agreed, single), np.float32)


@inner
def _neighbour(direction, y, x):  # type: ignore[no-untyped-def]
    """Right, down, left, up."""
    if direction == 0:
        return y, x + 1
    if direction == 1:
        return y + 1, x
    if direction == 2:
        return y, x - 1
    return y - 1, x


@inner
def _source_step(sources, k, side, dx, dy, step):  # type: ignore[no-untyped-def]
    """Write the source frame's own difference from entry k towards (dx, dy) into step; False where it is not known."""
    pixels, unknown, frame, position, colour, _ = sources
    _, H, W, _ = pixels.shape
    x, y = position[k, side, 0] + np.float32(dx), position[k, side, 1] + np.float32(dy)
    known, source = unknown[frame[k, side]], pixels[frame[k, side]]
    if not (0 <= x <= W - 1 and 0 <= y <= H - 1) or not all_known(known, x, y, np.int64(0)):
        return False
    sample_colour(source, known, x, y, step)
    for c in range(3):
        step[c] -= colour[k, side, c]
    return True


@kernel
def _guide(start, stop, mask_pixels, index, sources, scratch, guidance):  # type: ignore[no-untyped-def]
    offsets, ys, xs = mask_pixels
    _, unknown, frame, _, colour, weight = sources
    difference, joined = guidance
    _, H, W = index.shape
    for t in range(start, stop):
        step = scratch[t]
        for k in range(offsets[t], offsets[t + 1]):
            for direction in range(4):
                y, x = _neighbour(direction, ys[k], xs[k])
                if not (0 <= y < H and 0 <= x < W):
                    continue
                j = index[t, y, x]
                if j < 0 and unknown[t, y, x]:
                    continue
                total = np.float32(0)
                for side in range(2):
                    own = weight[k, side]
                    if j >= 0 and own > 0 and weight[j, side] > 0 and frame[k, side] == frame[j, side]:
                        w = min(own, weight[j, side])
                        for c in range(3):
                            difference[k, direction, c] += w * (colour[j, side, c] - colour[k, side, c])
                        total += w
                        continue
                    for entry, sign in ((k, 1), (np.int64(j), -1)):  # from the pixel to its neighbour, and back
                        if entry < 0 or weight[entry, side] <= 0:
                            continue
                        dx, dy = sign * (x - xs[k]), sign * (y - ys[k])
                        if _source_step(sources, entry, side, dx, dy, step):
                            w = weight[entry, side]
                            for c in range(3):
                                difference[k, direction, c] += np.float32(sign) * w * step[c]
                            total += w
                if total > 0:
                    joined[k, direction] = True
                    for c in range(3):
                        difference[k, direction, c] /= total


@kernel
def _solve(start, stop, pixels, mask_pixels, index, fused, screening, found, guidance):  # type: ignore[no-untyped-def]
    """Relax frame by frame, in alternating order, until the largest change is small."""
    offsets, ys, xs = mask_pixels
    difference, joined = guidance
    omega = np.float32(OMEGA)
    for t in range(start, stop):
        picture = pixels[t]
        first, last = offsets[t], offsets[t + 1]
        for sweep in range(SWEEPS):
            largest = np.float32(0)
            for entry in range(first, last):
                k = entry if sweep % 2 == 0 else first + last - 1 - entry
                if not found[k]:
                    continue
                total = screening[k]
                red, green, blue = total * fused[k, 0], total * fused[k, 1], total * fused[k, 2]
                for direction in range(4):
                    if not joined[k, direction]:
                        continue
                    y, x = _neighbour(direction, ys[k], xs[k])
                    j = index[t, y, x]
                    if j >= 0 and not found[j]:
                        continue
                    total += np.float32(1)
                    red += picture[y, x, 0] - difference[k, direction, 0]
                    green += picture[y, x, 1] - difference[k, direction, 1]
                    blue += picture[y, x, 2] - difference[k, direction, 2]
                y, x = ys[k], xs[k]
                red = omega * (red / total - picture[y, x, 0])
                green = omega * (green / total - picture[y, x, 1])
                blue = omega * (blue / total - picture[y, x, 2])
                picture[y, x, 0] += red
                picture[y, x, 1] += green
                picture[y, x, 2] += blue
                largest = max(largest, abs(red), abs(green), abs(blue))
            if largest < MAX_LAST_CHANGE:
                break
