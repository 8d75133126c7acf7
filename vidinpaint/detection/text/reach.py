"""`surrounded`: a line's strokes with outline, shadow and glow, as far as the frames show them.

The same outline and shadow surround every stroke of a line. So what is known of single pixels is averaged over all
those at the same distance and in the same direction from the nearest stroke: thousands of pixels say how far the
overlay reaches in each direction, where a single pixel would drown in the background.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.text.statistics import LineStatistics

SECTORS = 8  # directions that are told apart: shadows lie in one of them
FARTHEST = 0.35  # how far an outline or a shadow may reach, in heights of the line
ENDS = 0.15  # of the difference between strokes and background, below which pixels are background
SLOPE = 0.06
"""Of the same difference: what changes less over two pixels is no edge of the overlay but a trend of the background. It
counts only where less than `FAINT` is left of the difference, because an outline is even as well."""
FAINT = 0.45
STILL = 2.5  # grey levels of change in the background, up to which the change tells how far the overlay reaches
CALM = 0.08  # of the change of the strokes: the same, where there is no better reason
DECLINE = 0.15  # of a change, by which it declines over two pixels in the tail of a shadow
TAIL = 0.1  # of the largest change: less than that is a tail
MOVES = 3.0  # times that the background varies more than the strokes, from which the deviation tells how far
LEAST = 2.0  # grey levels, below which a difference cannot be seen
LARGEST = 24  # pixels, of an outline and a shadow
FEW = 12  # pixels; the median of fewer is noise


@dataclass(frozen=True, eq=False)
class _Rings:
    """Pixels outside the strokes by direction and distance (whole pixels) from the nearest stroke."""

    distance: np.ndarray
    sector: np.ndarray
    usable: np.ndarray
    farthest: int

    def profile(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(SECTORS, farthest) medians at the distances from 1, and (SECTORS, 1) those of the background beyond."""
        medians = np.full((SECTORS, self.farthest), np.nan)
        far = values[self.usable & (self.distance > self.farthest)]
        beyond = np.full((SECTORS, 1), np.median(far) if far.size >= FEW else np.nan)
        near = self.usable & (self.distance >= 1) & (self.distance <= self.farthest)
        cell = self.sector[near] * self.farthest + self.distance[near] - 1
        order = np.argsort(cell, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
            if len(part) >= FEW:
                medians.flat[cell[part[0]]] = np.median(values[near][part])
        medians = _smooth(medians)
        last = medians[:, -max(1, self.farthest // 3) :]
        known = np.isfinite(last)
        local = np.where(known, last, 0).sum(1) / np.maximum(known.sum(1), 1)
        return medians, np.asarray(np.where(known.any(1)[:, None], local[:, None], beyond))


def _smooth(medians: np.ndarray) -> np.ndarray:
    """Each direction averaged with those beside it, half as much of each; NaN where all three are."""
    parts = np.stack((np.roll(medians, 1, 0), medians, medians, np.roll(medians, -1, 0)))
    known = np.isfinite(parts)
    count = known.sum(0)
    return np.asarray(np.where(count > 0, np.where(known, parts, 0).sum(0) / np.maximum(count, 1), np.nan))


def surrounded(strokes: np.ndarray, statistics: LineStatistics, usable: np.ndarray, height: int) -> np.ndarray:
    """bool (h, w): the strokes and what surrounds them.

    strokes  bool (h, w)
    usable   bool (h, w): False where something else is, such as another line
    height   of the line's box, pixels
    """
    rings = _rings(strokes, usable, min(LARGEST, max(4, round(FARTHEST * height))))
    reach = np.zeros(SECTORS, int)
    for reached in _evidence(rings, strokes, statistics):
        reach = np.maximum(reach, reached)
    return np.asarray(strokes | (rings.distance <= reach[rings.sector]))


def _evidence(rings: _Rings, strokes: np.ndarray, statistics: LineStatistics) -> list[np.ndarray]:
    """Each int (SECTORS,): how far the overlay reaches in each direction, for the best reason that the frames give."""
    changes = [(rings.profile(change), float(np.median(change[strokes]))) for change in statistics.changes]
    unchanged = [
        (_until_unchanged(medians, noise), noise, typical)
        for (medians, beyond), typical in changes
        for noise in [float(np.nanmedian(beyond))]
    ]
    if found := [reach for reach, noise, _ in unchanged if noise <= STILL]:
        return found
    if statistics.deviation is not None:
        steady = float(np.median(statistics.deviation[strokes]))
        medians, beyond = rings.profile(statistics.deviation)
        if np.nanmedian(beyond) > MOVES * steady + LEAST:
            return [_until_even(medians, np.fmax.reduce(medians, axis=1, keepdims=True), steady)]
    medians, beyond = rings.profile(statistics.level)
    found = [reach for reach, noise, typical in unchanged if noise <= CALM * typical]
    return [*found, _until_even(medians, beyond, float(np.median(statistics.level[strokes])))]


def _until_unchanged(medians: np.ndarray, noise: float) -> np.ndarray:
    """int (SECTORS,): how far pixels have changed more than the background."""
    following = np.concatenate((medians[:, 2:], medians[:, -2:]), 1)
    flat = medians - following < DECLINE * medians
    tail = medians < TAIL * np.fmax.reduce(medians, axis=1, keepdims=True)
    return _contiguous((medians > LEAST + 1.5 * noise) & ~(flat & tail))


def _until_even(medians: np.ndarray, beyond: np.ndarray, strokes: float) -> np.ndarray:
    """int (SECTORS,): how far values go until they are those of the background."""
    scale = np.maximum(np.abs(strokes - beyond), LEAST)
    left = np.abs(medians - beyond) / scale
    following = np.concatenate((medians[:, 2:], medians[:, -2:]), 1)
    flat = np.abs(following - medians) < SLOPE * scale
    return _contiguous((left > ENDS) & ~(flat & (left < FAINT)))


def _contiguous(belongs: np.ndarray) -> np.ndarray:
    """int (SECTORS,): how many pixels from the strokes onwards belong to the overlay."""
    return np.asarray(np.logical_and.accumulate(belongs, axis=1).sum(1))


def _rings(strokes: np.ndarray, usable: np.ndarray, farthest: int) -> _Rings:
    distance, labels = cv2.distanceTransformWithLabels(
        (~strokes).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(strokes)
    nearest = np.zeros((labels.max() + 1, 2), np.int32)
    nearest[labels[rows, columns]] = np.stack((rows, columns), 1)
    own = np.indices(strokes.shape)
    dy, dx = own[0] - nearest[labels][..., 0], own[1] - nearest[labels][..., 1]
    sector = np.round(np.arctan2(dy, dx) * SECTORS / (2 * np.pi)).astype(int) % SECTORS
    return _Rings(np.ceil(distance - 0.5).astype(int), sector, usable & ~strokes, farthest)
