"""`clean_chroma`: chroma beside a mask without the colour that leaked there from under it.

A chroma sample of a clip with subsampled chroma is made from pixels on both sides of a mask's border, so it holds some
of the colour under the mask. Luma does not, and tells which clean samples nearby are of the same surface: where luma is
alike, so is colour (Levin, Lischinski and Weiss, Colorization using optimization, 2004, equation 2). Samples whose own
pixels lie outside the mask hold so little of the colour that their chroma tells, too.
"""

from collections.abc import Sequence

import cv2
import numpy as np

_RADIUS = 3  # chroma samples around a leaked one that are averaged
_DISTANCE = 1.2  # chroma samples, standard deviation of the weights by distance
_DIFFERENCE = 0.04  # of the range of codes, standard deviation of the weights by luma and by chroma
_LEAK = 2.5  # times the difference between clean neighbours, from which on a difference is a leak,
_SHIFT = 2.0  # or a shift of all samples towards one colour
_BATCH = 8192  # samples replaced at a time, which bounds the memory


def clean_chroma(
    chroma: Sequence[np.ndarray],
    luma: np.ndarray,
    leaked: np.ndarray,
    covered: np.ndarray,
    wanted: np.ndarray,
    peak: int,
) -> list[np.ndarray]:
    """The planes with means of clean samples nearby in place of the wanted ones among those that may hold a leak.

    chroma   planes (h, w) of one frame
    luma     float32 (h, w), mean luma of each sample's pixels outside the mask; NaN where it has none
    leaked   bool (h, w), True for samples that may hold colour from under the mask
    covered  bool (h, w), True for samples with a pixel under the mask; they are leaked, too
    wanted   bool (h, w), leaked samples to replace; the others keep their values
    peak     the largest code

    The planes stay as they are where the mask has a margin, so that there is no leak: there, the leaked samples differ
    no more from their neighbours than clean samples do from theirs.
    """
    hints = [luma, *(np.where(covered, np.float32(np.nan), plane) for plane in chroma)]
    guide = _padded(np.stack(hints) / np.float32(peak), np.nan)
    values = _padded(np.stack(chroma).astype(np.float32), 0)
    shifted = np.argwhere(wanted & leaked) + _RADIUS
    replaced = _replaced(values, _padded(~leaked, False), guide, shifted)
    beside = cv2.dilate(leaked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clean = np.argwhere(beside & ~leaked) + _RADIUS
    expected = _replaced(values, _padded(~beside, False), guide, clean)
    outside = np.argwhere(leaked & np.isfinite(luma)) + _RADIUS
    usual = np.abs(_differences(expected, values, clean)).mean()
    differences = _differences(replaced, values, outside)
    if np.abs(differences).mean() < _LEAK * usual and np.abs(differences.mean(1)).max() < _SHIFT * usual:
        return list(chroma)
    inside = (slice(_RADIUS, -_RADIUS), slice(_RADIUS, -_RADIUS))
    return [np.rint(found[inside]).astype(plane.dtype) for found, plane in zip(replaced, chroma)]


def _replaced(values: np.ndarray, known: np.ndarray, guide: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The padded planes float32 (planes, h, w) with means of known samples nearby at the places int (n, 2).

    Samples without a known one nearby are replaced later, from samples replaced before; if nothing is known, nothing is
    replaced.
    """
    result, known, left = values.copy(), known.copy(), places
    while len(left):
        near = np.concatenate([_has_known(known, batch) for batch in _batches(left)])
        if not near.any():
            break
        means = [_means(result, known, guide, batch) for batch in _batches(left[near])]
        rows, columns = left[near].T
        result[:, rows, columns] = np.concatenate(means, 1)
        known[rows, columns] = True
        left = left[~near]
    return result


def _differences(found: np.ndarray, values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Differences (planes, n) between values and what was found at the places; half a code more, for the rounding."""
    rows, columns = places.T
    differences = (values - found)[:, rows, columns] if len(places) else np.zeros((len(values), 1), np.float32)
    return np.asarray(differences + np.copysign(np.float32(0.5), differences))


def _padded(values: np.ndarray, constant: float) -> np.ndarray:
    """With _RADIUS more samples on all sides of the last two axes."""
    return np.pad(values, [(0, 0)] * (values.ndim - 2) + [(_RADIUS, _RADIUS)] * 2, constant_values=constant)


def _batches(places: np.ndarray) -> list[np.ndarray]:
    return [places[first : first + _BATCH] for first in range(0, len(places), _BATCH)]


def _around(places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns (n, k) of the samples around each place (n, 2), and their weights by distance (k,)."""
    y, x = np.mgrid[-_RADIUS : _RADIUS + 1, -_RADIUS : _RADIUS + 1].reshape(2, -1)
    weights = np.exp(-(x**2 + y**2) / np.float32(2 * _DISTANCE**2)).astype(np.float32)
    return places[:, :1] + y, places[:, 1:] + x, weights


def _has_known(known: np.ndarray, places: np.ndarray) -> np.ndarray:
    rows, columns, _ = _around(places)
    return np.asarray(known[rows, columns].any(1))


def _means(values: np.ndarray, known: np.ndarray, guide: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Weighted means (planes, n) of the known samples around each place."""
    rows, columns, weights = _around(places)
    difference = guide[:, rows, columns] - guide[:, places[:, 0], places[:, 1]][..., None]
    exponent = np.nan_to_num(np.square(difference) / np.float32(2 * _DIFFERENCE**2)).sum(0)
    exponent = np.where(known[rows, columns], exponent, np.inf)
    alike = np.exp(exponent.min(1, keepdims=True) - exponent)  # the sample most alike has weight 1
    total = alike * weights
    total /= total.sum(1, keepdims=True)
    return np.asarray((total * values[:, rows, columns]).sum(-1))
