"""Exhaustive search: the clean window that is most like what is known of another, out of all there are.

The distance of the windows around p and q is a weighted sum of squared differences over what is known around p,

    E(p, q) = sum over o of w(o) |I(p + o) - I(q + o)|^2,

and a window may be taken from where it lies inside the picture and does not touch the mask. Every such window is tried.
Three things make that quick and change no result. Colours and weights are whole numbers (8-bit levels), so that sums
are exact in any order. Windows that lie side by side are compared together, one pixel of the window after the other,
which the compiler turns into vector instructions. And such a group is given up once all of it is above a limit, which
falls with the best window found so far and starts from those that neighbours were copied from, shifted. One thread does
it: a search takes about a millisecond, and the next one waits for it, so that several would wait more than work.

Cost: on one core about 6 ns a window of 11 x 11 pixels of which half are known.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.inpainters.exemplar.pyramid import clean_centres
from vidinpaint.numerics.kernels import inner, kernel

GROUP = 64  # windows compared together
STRIDE = 8  # pixels of a window between two looks at the limit
FAR = np.int32(1 << 30)  # more than any distance, and twice of it still fits into 32 bits
TOTAL_WEIGHT = 4096  # of a window: times three channels of 255^2 that stays below FAR


@dataclass(frozen=True)
class Windows:
    """What is compared: offsets int32 (N, 2) from the centre, as (y, x), nearest first; weights int32 (N,)."""

    offsets: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, radius: int, sigma: float = np.inf) -> "Windows":
        """Square ones, weighted by a Gaussian of sigma pixels; what counts for nothing in whole numbers is left out."""
        offsets = np.argwhere(np.ones((2 * radius + 1, 2 * radius + 1))) - radius
        squares = (offsets**2).sum(1)
        share = np.exp(-squares / (2 * sigma**2))
        weights = np.floor(TOTAL_WEIGHT * share / share.sum())
        order = np.argsort(squares, kind="stable")
        order = order[weights[order] > 0]
        return cls(offsets[order].astype(np.int32), weights[order].astype(np.int32))


@dataclass(frozen=True)
class Unfinished:
    """A picture while pixels are copied into its mask.

    windows    that are compared
    radius     of the windows that may be taken from, in pixels
    levels     uint8 (3, H, W)
    known      bool (H, W), from the start or inpainted since
    clean      bool (H, W), centres of the windows that may be taken from; never what was inpainted
    source     int32 (H, W), number in reading order of the pixel that an inpainted one was copied from, -1 elsewhere
    distances  int32 (H, W), of the last search; those above its limit may be a part of the sum only
    smallest   int32 (H,), of every row of distances
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
    def of(cls, image: np.ndarray, mask: np.ndarray, radius: int, windows: Windows) -> "Unfinished":
        """image float32 (H, W, 3) in [0, 1], mask bool (H, W), in which some window is clean."""
        levels = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
        return cls(
            windows,
            radius,
            np.ascontiguousarray(levels.transpose(2, 0, 1)),
            ~mask,
            clean_centres(mask, radius),
            np.full(mask.shape, -1, np.int32),
            np.full(mask.shape, FAR),
            np.full(mask.shape[0], FAR),
        )

    def match(
        self, y: int, x: int, area: int = 0, slack: float = 0.0, draw: float = 0.0, nearness: int = 0
    ) -> tuple[int, int]:
        """The centre of a window that is most like the one around (y, x).

        area      centres at most so many pixels away up, down, left and right; 0: all of the picture
        slack     serves whatever is within (1 + slack) of the smallest distance, 0 to 1
        draw      in [0, 1): which of those, in reading order
        nearness  what a pixel of way between the centres, down and across, adds to the mean squared difference
        """
        height, width = self.known.shape
        area = area or height + width
        inside = self.radius
        v, u = _match(
            self.levels, self.known, self.clean, self.source, self.distances, self.smallest,
            self.windows.offsets, self.windows.weights, y, x,
            max(inside, y - area), min(height - inside, y + area + 1),
            max(inside, x - area), min(width - inside, x + area + 1),
            slack, draw, nearness,
        )  # fmt: skip
        return v, u

    def copy(self, y: int, x: int, v: int, u: int, radius: int) -> None:
        """Inpaint what is unknown of the window around (y, x) with the one around (v, u)."""
        height, width = self.known.shape
        rows = slice(max(0, y - radius), min(height, y + radius + 1))
        columns = slice(max(0, x - radius), min(width, x + radius + 1))
        down, across = np.nonzero(~self.known[rows, columns])
        down, across = down + rows.start, across + columns.start
        self.source[down, across] = (down + v - y) * width + across + u - x
        self.levels[:, down, across] = self.levels[:, down + v - y, across + u - x]
        self.known[down, across] = True


def layers(mask: np.ndarray) -> np.ndarray:
    """int (H, W): the turn in which a pixel is reached if those next to known ones go first, diagonally too; from 1."""
    return cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_C, cv2.DIST_MASK_3).astype(int)


@kernel
def _match(  # type: ignore[no-untyped-def]
    levels, known, clean, source, distances, smallest, offsets, weights, y, x, top, bottom, left, right,
    slack, draw, nearness,
):  # fmt: skip
    places, parts, colours = _known_part(levels, known, offsets, weights, y, x)
    toll = nearness * np.int64(parts.sum())
    limit = _likely(levels, clean, source, places, parts, colours, y, x, top, bottom, left, right, toll)
    _measure(
        levels, clean, distances, smallest, places, parts, colours, y, x, top, bottom, left, right, limit, slack, toll
    )
    return _pick(distances, smallest[top:bottom].min(), smallest, top, bottom, left, right, slack, draw)


@inner
def _known_part(levels, known, offsets, weights, y, x):  # type: ignore[no-untyped-def]
    """Offsets (K, 2), weights (K,) and levels (K, 3) of what is known of the window around (y, x)."""
    height, width = known.shape
    serves = np.zeros(len(offsets), np.bool_)
    for k in range(len(offsets)):
        j, i = y + offsets[k, 0], x + offsets[k, 1]
        serves[k] = 0 <= j < height and 0 <= i < width and known[j, i]
    places, parts = offsets[serves], weights[serves]
    colours = np.empty((len(places), 3), np.int32)
    for k in range(len(places)):
        for c in range(3):
            colours[k, c] = levels[c, y + places[k, 0], x + places[k, 1]]
    return places, parts, colours


@inner
def _likely(  # type: ignore[no-untyped-def]
    levels, clean, source, places, parts, colours, y, x, top, bottom, left, right, toll
):
    """The smallest distance of the windows that pixels of the one around (y, x) were copied from."""
    width = clean.shape[1]
    least = FAR - 1
    for n in range(0, len(places), STRIDE):
        origin = source[y + places[n, 0], x + places[n, 1]]
        v, u = origin // width - places[n, 0], origin % width - places[n, 1]
        if origin < 0 or v < top or u < left or v >= bottom or u >= right or not clean[v, u]:
            continue
        total = toll * (abs(v - y) + abs(u - x))
        for k in range(len(places)):
            for c in range(3):
                difference = np.int64(levels[c, v + places[k, 0], u + places[k, 1]]) - colours[k, c]
                total += parts[k] * difference * difference
        least = min(least, total)
    return least


@inner
def _limit(best, slack):  # type: ignore[no-untyped-def]
    return np.int32(min(np.float64(FAR - 1), np.floor(best * (1 + slack))))


@inner
def _measure(  # type: ignore[no-untyped-def]
    levels, clean, distances, smallest, places, parts, colours, y, x, top, bottom, left, right, limit, slack, toll
):
    """Distances of the centres in rows top to bottom and columns left to right, and the smallest of each row."""
    limit = _limit(limit, slack)
    for v in range(top, bottom):
        smallest[v] = FAR
        for u in range(left, right, GROUP):
            count = min(GROUP, right - u)
            sums = distances[v, u : u + count]
            if not clean[v, u : u + count].any():
                sums[:] = FAR
                continue
            for n in range(count):
                sums[n] = toll * (abs(v - y) + abs(u + n - x)) if clean[v, u + n] else FAR
            for k in range(len(places)):
                j, i = v + places[k, 0], u + places[k, 1]
                red, green, blue = levels[0, j, i : i + count], levels[1, j, i : i + count], levels[2, j, i : i + count]
                weight, r, g, b = parts[k], colours[k, 0], colours[k, 1], colours[k, 2]
                for n in range(count):
                    dr, dg, db = np.int32(red[n]) - r, np.int32(green[n]) - g, np.int32(blue[n]) - b
                    sums[n] += np.int32(weight * np.int32(dr * dr + dg * dg + db * db))
                if k % STRIDE == STRIDE - 1 and _least(sums) > limit:
                    break
            least = _least(sums)
            smallest[v] = min(smallest[v], least)
            limit = min(limit, _limit(least, slack))


@inner
def _least(sums):  # type: ignore[no-untyped-def]
    least = FAR
    for n in range(len(sums)):
        least = min(least, sums[n])
    return least


@inner
def _pick(distances, best, smallest, top, bottom, left, right, slack, draw):  # type: ignore[no-untyped-def]
    """The one that was drawn of all within (1 + slack) of the best, in reading order."""
    limit = _limit(best, slack)
    count = 0
    for v in range(top, bottom):
        if smallest[v] <= limit:
            for u in range(left, right):
                count += distances[v, u] <= limit
    left_over = np.int64(draw * count)
    for v in range(top, bottom):
        if smallest[v] <= limit:
            for u in range(left, right):
                if distances[v, u] <= limit:
                    if left_over == 0:
                        return v, u
                    left_over -= 1
    return -1, -1
