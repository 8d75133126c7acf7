"""PatchMatch: for each patch that touches the mask, the most similar clean patch.

Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch, section 3: the matches of neighbours are tried at the same
offset (propagation), then random ones around the best so far, in windows that halve (random search).

Two things make it fast and independent of the machine. Colours are compared as whole numbers (8 bit): sums of whole
numbers are exact in any order, so the compiler may vectorise them. The scan is divided into pieces of fixed length that
run in parallel: within a piece, matches spread immediately; those of other pieces are read as they were before the
scan. Random numbers are hashed from position and step. So the result does not depend on the number of threads.
"""

from typing import NamedTuple

import cv2
import numpy as np

from vidinpaint.inpainters.exemplar.pyramid import clean_centres, touching
from vidinpaint.numerics.kernels import inner, kernel, run_in_ranges
from vidinpaint.numerics.morphology import distance_outside

PIECE = 512  # patches scanned one after the other
FULL_WEIGHT = 16  # of a known pixel in a comparison; weights are whole numbers
CHANNELS = 4  # red, green, blue, texture; a constant, so that the compiler unrolls the rows of a patch
MAX_RADIUS = 10  # with a larger one, the sum of a patch would not fit into 32 bits


class Search(NamedTuple):
    """The inputs of a search that do not change; N patches touch the mask.

    y, x     int32 (N,), centres of these patches, in reading order
    depth    float32 (N,), distance of the centres to the nearest known pixel, in pixels
    entry    int32 (H, W), index of the patch at a centre, -1 where it does not touch the mask
    clean    bool (H, W), centres of clean patches, which may be copied
    sources  int32 (M, 2), the same as a list of (y, x)
    weight   uint8 (H + 2 radius, (W + 2 radius) * CHANNELS), of each sample in comparisons, 0 outside the image
    total    float32 (N,), sum of the weights of a patch over all channels
    radius   of the patches, in pixels
    """

    y: np.ndarray
    x: np.ndarray
    depth: np.ndarray
    entry: np.ndarray
    clean: np.ndarray
    sources: np.ndarray
    weight: np.ndarray
    total: np.ndarray
    radius: int


class _ScanOptions(NamedTuple):
    """One scan over all patches: reach of the random search in pixels, direction, and seed of its random numbers."""

    reach: int
    forward: bool
    seed: int


def prepare(mask: np.ndarray, radius: int, trust: float) -> Search:
    """The patches that touch a mask bool (H, W), True = inpaint, and those that can be copied; radius in pixels.

    trust, 0 to 1, is the factor of the weight of a mask pixel per pixel of distance to the nearest known one; with 0
    only known pixels are compared.
    """
    y, x = (axis.astype(np.int32) for axis in np.nonzero(touching(mask, radius)))
    entry = np.full(mask.shape, -1, np.int32)
    entry[y, x] = np.arange(len(y), dtype=np.int32)
    clean = clean_centres(mask, radius)
    depth = distance_outside(mask)
    confidence = np.rint(FULL_WEIGHT * np.float32(trust) ** depth)
    weight = np.pad(np.maximum(confidence, float(trust > 0)).astype(np.uint8), radius)
    side = 2 * radius + 1
    sums = cv2.boxFilter(weight, cv2.CV_32F, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    total = np.maximum(CHANNELS * sums[y + radius, x + radius], 1)
    sources = np.ascontiguousarray(np.argwhere(clean), np.int32)
    return Search(y, x, depth[y, x], entry, clean, sources, np.repeat(weight, CHANNELS, axis=1), total, radius)


def random_matches(search: Search, seed: int) -> np.ndarray:
    """int32 (N, 2): a random clean patch (y, x) for each patch."""
    rng = np.random.default_rng(seed)
    return search.sources[rng.integers(0, len(search.sources), len(search.y))]


def finer_matches(coarse: Search, matches: np.ndarray, fine: Search, seed: int) -> np.ndarray:
    """int32 (N, 2): matches at twice the size from those of the coarser image; random where those are not clean."""
    y, x = fine.y, fine.x
    height, width = coarse.entry.shape
    entry = coarse.entry[np.minimum(y // 2, height - 1), np.minimum(x // 2, width - 1)]
    scaled = 2 * matches[entry] + np.stack([y % 2, x % 2], axis=1)
    height, width = fine.entry.shape
    inside = (scaled[:, 0] < height) & (scaled[:, 1] < width) & (entry >= 0)
    scaled[~inside] = 0
    valid = inside & fine.clean[scaled[:, 0], scaled[:, 1]]
    return np.where(valid[:, None], scaled, random_matches(fine, seed)).astype(np.int32)


def improve(
    search: Search, image: np.ndarray, matches: np.ndarray, scans: int, reach: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Better matches (N, 2), and their distances float32 (N,): mean squared differences of 8-bit levels.

    image float32 (H, W, CHANNELS) in [0, 1] with a guess under the mask; scans: number of scans, alternately forward
    and backward; reach: of the first random search, in pixels.
    """
    levels = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
    radius = search.radius
    padded = np.pad(levels, ((radius, radius), (radius, radius), (0, 0))).reshape(levels.shape[0] + 2 * radius, -1)
    matches = matches.copy()
    distances = np.empty(len(matches), np.int32)
    run_in_ranges(_measure, len(matches), search, padded, matches, distances)
    for scan in range(scans):
        pieces = (len(matches) + PIECE - 1) // PIECE
        options = _ScanOptions(reach, scan % 2 == 0, (seed * 1000003 + scan * 7919) & 0x7FFFFFFF)
        run_in_ranges(_scan, pieces, search, padded, options, matches.copy(), matches, distances)
    return matches, distances / search.total


@inner
def _distance(padded, weight, y, x, v, u, side, limit):  # type: ignore[no-untyped-def]
    """Weighted sum of squared differences of the patches at (y, x) and (v, u); may stop once it reaches the limit."""
    length = CHANNELS * side
    total = np.int32(0)
    for j in range(side):
        target = padded[y + j, CHANNELS * x : CHANNELS * x + length]
        source = padded[v + j, CHANNELS * u : CHANNELS * u + length]
        weights = weight[y + j, CHANNELS * x : CHANNELS * x + length]
        for i in range(length):
            difference = np.int32(np.int32(target[i]) - np.int32(source[i]))
            total = np.int32(total + np.int32(np.int32(difference * difference) * np.int32(weights[i])))
        if total >= limit:
            return total
    return total


@kernel
def _measure(start, stop, search, padded, matches, distances):  # type: ignore[no-untyped-def]
    ys, xs, weight = search.y, search.x, search.weight
    side = 2 * search.radius + 1
    for k in range(start, stop):
        # as padded has a margin of the radius, the centre of a patch in the image is its corner here
        y, x, v, u = np.int64(ys[k]), np.int64(xs[k]), np.int64(matches[k, 0]), np.int64(matches[k, 1])
        distances[k] = _distance(padded, weight, y, x, v, u, side, np.int32(2147483647))


@inner
def _hash(value):  # type: ignore[no-untyped-def]
    """A well mixed 32-bit number of an integer (Wellons' triple32, first rounds)."""
    h = np.uint32(value)
    h = np.uint32(h ^ (h >> np.uint32(17))) * np.uint32(0xED5AD4BB)
    h = np.uint32(np.uint32(h) ^ (np.uint32(h) >> np.uint32(11))) * np.uint32(0xAC4C1B51)
    h = np.uint32(np.uint32(h) ^ (np.uint32(h) >> np.uint32(15)))
    return np.uint32(h)


@kernel
def _scan(start, stop, search, padded, options, before, matches, distances):  # type: ignore[no-untyped-def]
    """One scan of propagation and random search, over pieces; `before` holds the matches as they were."""
    ys, xs, entry, clean, weight = search.y, search.x, search.entry, search.clean, search.weight
    reach, forward, seed = options
    height, width = entry.shape
    count = len(ys)
    side = 2 * search.radius + 1
    step = -1 if forward else 1
    for piece in range(start, stop):
        first, last = piece * PIECE, min(count, (piece + 1) * PIECE)
        for n in range(last - first):
            k = first + n if forward else last - 1 - n
            y, x = np.int64(ys[k]), np.int64(xs[k])
            best_v, best_u, best = np.int64(matches[k, 0]), np.int64(matches[k, 1]), distances[k]
            around, random = reach, _hash(seed + k * 40503)
            candidate = 0  # the neighbours below or above and beside, then random ones, ever nearer
            while candidate < 2 or around >= 1:
                candidate += 1
                if candidate <= 2:
                    ny, nx = (y + step, x) if candidate == 1 else (y, x + step)
                    if ny < 0 or nx < 0 or ny >= height or nx >= width or entry[ny, nx] < 0:
                        continue
                    j = entry[ny, nx]
                    v, u = (matches[j, 0], matches[j, 1]) if first <= j < last else (before[j, 0], before[j, 1])
                    v, u = v - (ny - y), u - (nx - x)
                else:
                    random = _hash(np.int64(random) + 0x9E3779B9)
                    v = best_v + (np.int64(random) & 0xFFFF) * (2 * around + 1) // 65536 - around
                    u = best_u + (np.int64(random) >> 16) * (2 * around + 1) // 65536 - around
                    around //= 2
                if v < 0 or u < 0 or v >= height or u >= width or not clean[v, u] or (v == best_v and u == best_u):
                    continue
                distance = _distance(padded, weight, y, x, v, u, side, best)
                if distance < best:
                    best_v, best_u, best = v, u, distance
            matches[k, 0], matches[k, 1], distances[k] = best_v, best_u, best
