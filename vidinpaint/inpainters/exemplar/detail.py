"""From half the size to the full one: where pixels come from is handed up, not their colours.

A picture that was completed by copying is known by its sources: which pixel each one of the mask was copied from. Twice
the source at half the size is a source at the full size, so all detail of the copied regions comes along. What does not
fit is where regions meet. There, for every patch of the enlarged picture a better match is looked for near the one that
it has and those of its neighbours (PatchMatch, `matching`), and the pixel in the middle of the match is the new source.

Sources: Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch, section 3; Pritch, Kav-Venaki, Peleg 2009, Shift-Map
Image Editing, section 3 (shifts refined from coarse to fine). Cost: about 20 comparisons a mask pixel.
"""

import cv2
import numpy as np
from numba import njit

from vidinpaint.core.progress import report_progress
from vidinpaint.inpainters.exemplar.matching import improve, prepare, random_matches
from vidinpaint.inpainters.exemplar.pyramid import clean_centres
from vidinpaint.inpainters.scales import Layer

RADIUS = 3  # of the patches that are matched, in pixels
ROUNDS = 2
SCANS = 2  # of matching in a round
REACH = 2  # of the search around a match, in pixels: as far as one at half the size may be off


def usable_radius(mask: np.ndarray, largest: int) -> int:
    """The largest radius up to a given one that leaves a window free of the mask; 0 if none does."""
    return next((radius for radius in range(largest, 0, -1) if clean_centres(mask, radius).any()), 0)


def follow(layer: Layer, coarse: np.ndarray) -> np.ndarray:
    """Sources int32 (H, W) for the mask of a layer, from those at half its size; -1 where it is known."""
    source = lifted(coarse, layer.mask)
    radius = usable_radius(layer.mask, RADIUS)
    for turn in range(ROUNDS if radius > 0 else 0):
        report_progress(turn / ROUNDS)
        source = _improved(layer, source, radius, turn)
    return source


def lifted(coarse: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Sources int32 (H, W) at twice the size; where they would be unknown, those of the nearest pixel, shifted."""
    width = mask.shape[1]
    y, x = np.nonzero(mask)
    above = coarse[y // 2, x // 2]
    v, u = 2 * (above // coarse.shape[1]) + y % 2, 2 * (above % coarse.shape[1]) + x % 2
    serves = (above >= 0) & _known(mask, v, u)
    if serves.any():
        away = np.ones(mask.shape, np.uint8)
        away[y[serves], x[serves]] = 0
        _, label = cv2.distanceTransformWithLabels(away, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)
        number = np.zeros(label.max() + 1, int)
        number[label[y[serves], x[serves]]] = np.flatnonzero(serves)
        near = number[label[y, x]]
        v, u = v[near] + y - y[near], u[near] + x - x[near]
    anything = np.resize(np.flatnonzero(~mask), len(y))
    source = np.full(mask.shape, -1, np.int32)
    source[y, x] = np.where(_known(mask, v, u), v * width + u, anything)
    return source


def _known(mask: np.ndarray, v: np.ndarray, u: np.ndarray) -> np.ndarray:
    inside = (v >= 0) & (u >= 0) & (v < mask.shape[0]) & (u < mask.shape[1])
    known: np.ndarray = inside & ~mask[np.where(inside, v, 0), np.where(inside, u, 0)]
    return known


def _improved(layer: Layer, source: np.ndarray, radius: int, turn: int) -> np.ndarray:
    """Sources that fit together better: the middles of matching patches."""
    width = layer.shape[1]
    search = prepare(layer.mask, radius, trust=1)
    matches = random_matches(search, turn)
    v, u = np.divmod(source[search.y, search.x], width)
    serves = (v >= 0) & search.clean[v, u]
    matches[serves] = np.stack([v, u], axis=1)[serves]
    guess = mixed(layer.image, source, radius)
    grey = guess.mean(2, keepdims=True)
    matches, _ = improve(search, np.concatenate([guess, grey], axis=2), matches, SCANS, REACH, turn)
    better = source.copy()
    better[search.y, search.x] = matches[:, 0] * width + matches[:, 1]
    return np.where(layer.mask, better, -1)


def copied(image: np.ndarray, source: np.ndarray) -> np.ndarray:
    """A copy of image (H, W, C) in which every pixel with a source, int32 (H, W), looks like it."""
    return np.where((source < 0)[..., None], image, image.reshape(-1, image.shape[2])[np.maximum(source, 0)])


def mixed(image: np.ndarray, source: np.ndarray, radius: int) -> np.ndarray:
    """As `copied`, without seams: a pixel is the mean of what its neighbours would have it copied from.

    Weighted by a Gaussian of radius / 2 pixels. Inside of a region that was copied as a whole all agree.
    """
    offsets = np.arange(-radius, radius + 1)
    bell = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * (radius / 2) ** 2)).astype(np.float32)
    result = image.copy()
    _mix(image, source, result, bell, radius)
    return result


@njit(cache=True, nogil=True)
def _mix(image, source, result, bell, radius):  # type: ignore[no-untyped-def]
    height, width = source.shape
    for y in range(height):
        for x in range(width):
            if source[y, x] < 0:
                continue
            red, green, blue, total = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
            for j in range(max(0, y - radius), min(height, y + radius + 1)):
                for i in range(max(0, x - radius), min(width, x + radius + 1)):
                    v, u = source[j, i] // width + y - j, source[j, i] % width + x - i
                    # of its own source a pixel is sure; those of neighbours, shifted, may lie outside or in the mask
                    if source[j, i] >= 0 and 0 <= v < height and 0 <= u < width and source[v, u] < 0:
                        weight = bell[j - y + radius, i - x + radius]
                        red += weight * image[v, u, 0]
                        green += weight * image[v, u, 1]
                        blue += weight * image[v, u, 2]
                        total += weight
            result[y, x, 0], result[y, x, 1], result[y, x, 2] = red / total, green / total, blue / total
