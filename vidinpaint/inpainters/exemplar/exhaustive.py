"""Exhaustive search: the clean window that is most similar to the known part of another, out of all windows.

The distance of the windows around p and q is a weighted sum of squared differences over the known pixels around p,

    E(p, q) = sum over o of w(o) |I(p + o) - I(q + o)|^2,

and a window is clean if it lies inside the image and does not touch the mask. All clean windows are compared. Three
things make that fast without changing the result. Colours and weights are whole numbers (8-bit levels), so that sums
are exact in any order. Windows that lie side by side are compared together, one pixel of the window after the other,
which the compiler turns into vector instructions. A group is abandoned once all of it is above a limit, which starts
from the windows that the neighbours were copied from, shifted, and falls with the best window found so far. It runs on
one thread: a search takes about a millisecond and the next depends on it, so threads would mostly wait.

Cost: on one core about 6 ns per window of 11 x 11 pixels of which half are known.
"""

from typing import NamedTuple

import cv2
import numpy as np

from vidinpaint.inpainters.exemplar.pyramid import clean_centres
from vidinpaint.numerics.kernels import inner, kernel

GROUP = 64  # windows compared together
STRIDE = 8  # pixels of a window between two comparisons with the limit
MAX_DISTANCE = np.int32(1 << 30)  # more than any distance; twice this value still fits into 32 bits
TOTAL_WEIGHT = 4096  # of a window: times three channels of 255^2 it stays below MAX_DISTANCE


class Windows(NamedTuple):
    """The pixels that are compared: offsets int32 (N, 2) from the centre, (y, x), nearest first; weights int32 (N,)."""

    offsets: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, radius: int, sigma: float = np.inf) -> "Windows":
        """Squares, weighted by a Gaussian of sigma pixels; pixels whose weight rounds down to zero are left out."""
        offsets = np.argwhere(np.ones((2 * radius + 1, 2 * radius + 1))) - radius
        squares = (offsets**2).sum(1)
        gaussian = np.exp(-squares / (2 * sigma**2))
        weights = np.floor(TOTAL_WEIGHT * gaussian / gaussian.sum())
        order = np.argsort(squares, kind="stable")
        order = order[weights[order] > 0]
        return cls(offsets[order].astype(np.int32), weights[order].astype(np.int32))


class _Area(NamedTuple):
    """Centres of windows: rows top to bottom and columns left to right, without bottom and right."""

    top: int
    bottom: int
    left: int
    right: int


class _KnownPart(NamedTuple):
    """The known pixels of the window around (y, x): offsets int32 (K, 2), weights (K,) and levels int32 (K, 3)."""

    y: int
    x: int
    offsets: np.ndarray
    weights: np.ndarray
    levels: np.ndarray


class PartialImage(NamedTuple):
    """An image while pixels are copied into its mask.

    windows    the pixels that are compared
    radius     of clean windows, in pixels
    levels     uint8 (3, H, W), the colours
    known      bool (H, W), known from the start or inpainted since
    clean      bool (H, W), centres of clean windows; they never hold inpainted pixels
    source     int32 (H, W), index in reading order of the pixel that an inpainted one was copied from, -1 elsewhere
    distances  int32 (H, W), of the last search; those above its limit may be incomplete sums
    smallest   int32 (H,), the smallest distance of each row
    """

    windows: Windows
    radius: int
    levels: np.ndarray
    known: np.ndarray
    clean: np.ndarray
    source: np.ndarray
    distances: np.ndarray
    smallest: np.ndarray

    @classmethod
    def of(cls, image: np.ndarray, mask: np.ndarray, radius: int, windows: Windows) -> "PartialImage":
        """image float32 (H, W, 3) in [0, 1], mask bool (H, W), True = inpaint; at least one window must be clean."""
        levels = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
        return cls(
            windows,
            radius,
            np.ascontiguousarray(levels.transpose(2, 0, 1)),
            ~mask,
            clean_centres(mask, radius),
            np.full(mask.shape, -1, np.int32),
            np.full(mask.shape, MAX_DISTANCE),
            np.full(mask.shape[0], MAX_DISTANCE),
        )

    def match(
        self, y: int, x: int, area: int = 0, tolerance: float = 0.0, random: float = 0.0, distance_penalty: int = 0
    ) -> tuple[int, int]:
        """The centre (y, x) of a clean window that is most similar to the one around (y, x).

        area              centres at most this many pixels away, vertically and horizontally; 0: the whole image
        tolerance         windows within (1 + tolerance) of the smallest distance are candidates, 0 to 1
        random            in [0, 1): which of the candidates, in reading order
        distance_penalty  added to the mean squared difference per pixel between the centres, down and across
        """
        height, width = self.known.shape
        area = area or height + width
        inside = self.radius
        rows = max(inside, y - area), min(height - inside, y + area + 1)
        columns = max(inside, x - area), min(width - inside, x + area + 1)
        v, u = _match(self, y, x, _Area(*rows, *columns), tolerance, random, distance_penalty)
        return v, u

    def copy(self, y: int, x: int, v: int, u: int, radius: int) -> None:
        """Copy the unknown pixels of the window around (y, x) from the one around (v, u)."""
        height, width = self.known.shape
        rows = slice(max(0, y - radius), min(height, y + radius + 1))
        columns = slice(max(0, x - radius), min(width, x + radius + 1))
        down, across = np.nonzero(~self.known[rows, columns])
        down, across = down + rows.start, across + columns.start
        self.source[down, across] = (down + v - y) * width + across + u - x
        self.levels[:, down, across] = self.levels[:, down + v - y, across + u - x]
        self.known[down, across] = True


def layers(mask: np.ndarray) -> np.ndarray:
    """int (H, W): distance to the known pixels in steps, also diagonal ones; 1 next to a known pixel, 0 where known."""
    return cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_C, cv2.DIST_MASK_3).astype(int)


@kernel
def _match(image, y, x, area, tolerance, random, distance_penalty):  # type: ignore[no-untyped-def]
    part = _known_part(image, y, x)
    penalty = distance_penalty * np.int64(part.weights.sum())
    limit = _first_limit(image, part, area, penalty)
    _measure(image, part, area, limit, tolerance, penalty)
    return _select(image, area, tolerance, random)


@inner
def _known_part(image, y, x):  # type: ignore[no-untyped-def]
    known, levels = image.known, image.levels
    offsets, weights = image.windows
    height, width = known.shape
    usable = np.zeros(len(offsets), np.bool_)
    for k in range(len(offsets)):
        j, i = y + offsets[k, 0], x + offsets[k, 1]
        usable[k] = 0 <= j < height and 0 <= i < width and known[j, i]
    offsets, weights = offsets[usable], weights[usable]
    colours = np.empty((len(offsets), 3), np.int32)
    for k in range(len(offsets)):
        for c in range(3):
            colours[k, c] = levels[c, y + offsets[k, 0], x + offsets[k, 1]]
    return _KnownPart(y, x, offsets, weights, colours)


@inner
def _first_limit(image, part, area, penalty):  # type: ignore[no-untyped-def]
    """The smallest distance of the windows from which pixels of the one around (y, x) were copied."""
    levels, clean, source = image.levels, image.clean, image.source
    y, x, offsets, weights, colours = part
    top, bottom, left, right = area
    width = clean.shape[1]
    least = MAX_DISTANCE - 1
    for n in range(0, len(offsets), STRIDE):
        origin = source[y + offsets[n, 0], x + offsets[n, 1]]
        v, u = origin // width - offsets[n, 0], origin % width - offsets[n, 1]
        if origin < 0 or v < top or u < left or v >= bottom or u >= right or not clean[v, u]:
            continue
        total = penalty * (abs(v - y) + abs(u - x))
        for k in range(len(offsets)):
            for c in range(3):
                difference = np.int64(levels[c, v + offsets[k, 0], u + offsets[k, 1]]) - colours[k, c]
                total += weights[k] * difference * difference
        least = min(least, total)
    return least


@inner
def _limit(best, tolerance):  # type: ignore[no-untyped-def]
    return np.int32(min(np.float64(MAX_DISTANCE - 1), np.floor(best * (1 + tolerance))))


@inner
def _measure(image, part, area, limit, tolerance, penalty):  # type: ignore[no-untyped-def]
    """Write the distances of the centres in the area, and the smallest of each row."""
    levels, clean, distances, smallest = image.levels, image.clean, image.distances, image.smallest
    y, x, offsets, weights, colours = part
    top, bottom, left, right = area
    limit = _limit(limit, tolerance)
    for v in range(top, bottom):
        smallest[v] = MAX_DISTANCE
        for u in range(left, right, GROUP):
            count = min(GROUP, right - u)
            sums = distances[v, u : u + count]
            if not clean[v, u : u + count].any():
                sums[:] = MAX_DISTANCE
                continue
            for n in range(count):
                sums[n] = penalty * (abs(v - y) + abs(u + n - x)) if clean[v, u + n] else MAX_DISTANCE
            for k in range(len(offsets)):
                j, i = v + offsets[k, 0], u + offsets[k, 1]
                red, green, blue = levels[0, j, i : i + count], levels[1, j, i : i + count], levels[2, j, i : i + count]
                weight, r, g, b = weights[k], colours[k, 0], colours[k, 1], colours[k, 2]
                for n in range(count):
                    dr, dg, db = np.int32(red[n]) - r, np.int32(green[n]) - g, np.int32(blue[n]) - b
                    sums[n] += np.int32(weight * np.int32(dr * dr + dg * dg + db * db))
                if k % STRIDE == STRIDE - 1 and _least(sums) > limit:
                    break
            least = _least(sums)
            smallest[v] = min(smallest[v], least)
            limit = min(limit, _limit(least, tolerance))


@inner
def _least(sums):  # type: ignore[no-untyped-def]
    least = MAX_DISTANCE
    for n in range(len(sums)):
        least = min(least, sums[n])
    return least


@inner
def _select(image, area, tolerance, random):  # type: ignore[no-untyped-def]
    """The candidate floor(random * count), in reading order, of the windows within (1 + tolerance) of the best."""
    distances, smallest = image.distances, image.smallest
    top, bottom, left, right = area
    limit = _limit(smallest[top:bottom].min(), tolerance)
    count = 0
    for v in range(top, bottom):
        if smallest[v] <= limit:
            for u in range(left, right):
                count += distances[v, u] <= limit
    remaining = np.int64(random * count)
    for v in range(top, bottom):
        if smallest[v] <= limit:
            for u in range(left, right):
                if distances[v, u] <= limit:
                    if remaining == 0:
                        return v, u
                    remaining -= 1
    return -1, -1
