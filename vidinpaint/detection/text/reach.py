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
STEADY = 0.85  # of the deviation of the background, below which pixels belong to the overlay
DIFFERENT = 0.08  # of the contrast of the strokes, by which the mean level differs from the background's
LEAST = 2.0  # grey levels, below which a difference cannot be seen
FEW = 12  # pixels; the mean over fewer is noise


@dataclass(frozen=True, eq=False)
class _Rings:
    """Pixels outside the strokes by direction and distance (whole pixels) from the nearest stroke."""

    distance: np.ndarray
    sector: np.ndarray
    usable: np.ndarray
    farthest: int

    def means(self, values: np.ndarray) -> tuple[np.ndarray, float]:
        """(SECTORS, farthest + 1), NaN where there are too few pixels, and the median of the background beyond."""
        near = self.usable & (self.distance >= 1) & (self.distance <= self.farthest)
        cell = self.sector[near] * (self.farthest + 1) + self.distance[near]
        size = SECTORS * (self.farthest + 1)
        count = np.bincount(cell, minlength=size)
        total = np.bincount(cell, values[near].astype(np.float64), minlength=size)
        means = np.where(count >= FEW, total / np.maximum(count, 1), np.nan).reshape(SECTORS, -1)
        far = values[self.usable & (self.distance > self.farthest)]
        return means, float(np.mean(far)) if far.size >= FEW else float("nan")


def surrounded(strokes: np.ndarray, statistics: LineStatistics, usable: np.ndarray, height: int) -> np.ndarray:
    """bool (h, w): the strokes and what surrounds them.

    strokes  bool (h, w)
    usable   bool (h, w): False where something else is, such as another line
    height   of the line's box, pixels
    """
    rings = _rings(strokes, usable, max(3, round(FARTHEST * height)))
    reach = np.zeros(SECTORS, int)
    for belongs in _evidence(rings, strokes, statistics):
        contiguous = np.logical_and.accumulate(belongs[:, 1:], axis=1)
        reach = np.maximum(reach, contiguous.sum(1))
    smooth = np.maximum(reach, np.minimum(np.roll(reach, 1), np.roll(reach, -1)))
    return strokes | (rings.distance <= smooth[rings.sector])


def _evidence(rings: _Rings, strokes: np.ndarray, statistics: LineStatistics) -> list[np.ndarray]:
    """Each bool (SECTORS, farthest + 1): where the overlay is, for one reason."""
    found = []
    for change in statistics.changes:
        typical = float(np.median(change[strokes]))
        means, far = rings.means(change)
        if far < typical / 4:
            found.append(means - far > LEAST + far / 4)
    if statistics.deviation is not None:
        steady = float(np.median(statistics.deviation[strokes]))
        means, far = rings.means(statistics.deviation)
        if far > 1.5 * steady + 1:
            found.append(means - steady < STEADY * (far - steady))
    return found or [_differs(rings, strokes, statistics.level)]


def _differs(rings: _Rings, strokes: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Where the mean level differs from that of the background at the farthest distance in the same direction."""
    means, far = rings.means(level)
    beyond = means[:, -max(1, rings.farthest // 3) :]
    known = np.isfinite(beyond)
    plain = np.where(known.any(1), np.where(known, beyond, 0).sum(1) / np.maximum(known.sum(1), 1), far)
    contrast = abs(float(np.median(level[strokes])) - far)
    return np.asarray(np.abs(means - plain[:, None]) > max(2 * LEAST, DIFFERENT * contrast))


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
