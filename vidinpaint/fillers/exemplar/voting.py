"""Colours under the hole, out of the patches that were found for it.

Wexler, Shechtman, Irani 2007, Space-Time Completion of Video, section 3.2: every patch that covers a pixel votes for a
colour; votes count by how alike the patches are and by how much of the covering patch is known.
"""

import numpy as np
from numba import njit, prange

from vidinpaint.fillers.exemplar.matching import Search

FAINTEST = np.float32(1e-12)  # weight of the worst match; with the confidence it must stay above the smallest float32


def vote(
    search: Search,
    image: np.ndarray,
    hole: np.ndarray,
    matches: np.ndarray,
    distances: np.ndarray,
    confidence: np.ndarray,
    spread: float,
) -> np.ndarray:
    """A new image (H, W, C) with voted values under the hole.

    confidence float32 (H, W) of patches by their centres; spread: distances that differ by it differ in weight by a
    factor of e. A small spread leaves the colours of the best patch, sharp; a large one a mean.
    """
    y, x = (axis.astype(np.int32) for axis in np.nonzero(hole))
    result = image.copy()
    weights = np.exp(-(distances - distances.min()) / max(spread, 1e-6)).astype(np.float32)
    weights = confidence[search.y, search.x] * np.maximum(weights, FAINTEST)
    _vote(image, result, y, x, search.entry, matches, weights.astype(np.float32), search.radius)
    return result


@njit(cache=True, nogil=True, parallel=True)
def _vote(image, result, ys, xs, entry, matches, weights, radius):  # type: ignore[no-untyped-def]
    height, width = entry.shape
    for k in prange(len(ys)):
        y, x = np.int64(ys[k]), np.int64(xs[k])
        total = np.float32(0)
        result[y, x] = 0
        for j in range(max(0, y - radius), min(height, y + radius + 1)):
            for i in range(max(0, x - radius), min(width, x + radius + 1)):
                n = entry[j, i]
                v, u = matches[n, 0] + (y - j), matches[n, 1] + (x - i)
                w = weights[n]
                for c in range(image.shape[2]):
                    result[y, x, c] += w * image[v, u, c]
                total += w
        for c in range(image.shape[2]):
            result[y, x, c] /= total
