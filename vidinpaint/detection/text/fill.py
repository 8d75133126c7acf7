"""`fill_of`: the strokes of a line of text, without outline and shadow."""

import cv2
import numpy as np

from vidinpaint.detection.text.statistics import LineStatistics

STROKE = 0.3  # largest width of a stroke, in heights of the line's box, which is about 1.6 times that of a capital
SURE, POSSIBLE = 0.55, 0.25  # of the contrast of the strokes, from which a pixel is one, and from which it may join one
BEYOND_LEVEL = 30  # grey levels by which a pixel of the fill may exceed its usual level: ringing of the compression
CHANGED = 0.2  # of the change of sure pixels, below which a pixel did not change when the line appeared
SEPARATE = 3.0  # times that the strokes change more than the background, from which a change tells one from the other
LARGE = 0.97  # quantile of the contrast that stands for its largest values
LEAST = 4.0  # grey levels of contrast, below which there is no text
UNSURE = 8.0  # grey levels by which levels and changes of strokes vary anyway
STEADY = 0.6  # of the deviation of the background, above which a pixel is background


def fill_of(statistics: LineStatistics, inside: np.ndarray, background: np.ndarray) -> np.ndarray:
    """bool (h, w), True = stroke.

    inside      bool (h, w): where the line may be
    background  bool (h, w): what is around it, without other lines
    """
    side = max(3, int(STROKE * np.ptp(np.flatnonzero(inside.any(1)))) | 1)
    contrast, sign = _strokes(statistics, side, inside)
    allowed = inside
    for _ in range(2):  # the second time among what is like the strokes of the first time
        largest = float(np.quantile(contrast[allowed], LARGE))
        sure = allowed & (contrast > SURE * largest)
        if not sure.any() or largest < LEAST:
            return np.zeros_like(inside)
        allowed = inside & _alike(statistics, sure, sign, background)
        if not allowed.any():
            return np.zeros_like(inside)
    return _joined(allowed & (contrast > POSSIBLE * largest), sure & allowed)


def _alike(statistics: LineStatistics, sure: np.ndarray, sign: int, background: np.ndarray) -> np.ndarray:
    """bool (h, w): pixels that behave as sure strokes do, and not as the background."""
    alike = sign * (statistics.level - float(np.median(statistics.level[sure]))) < BEYOND_LEVEL
    for change in statistics.changes:
        typical = float(np.median(change[sure]))
        if typical > SEPARATE * float(np.median(change[background])) + 3:
            alike &= change > CHANGED * typical
    deviation = statistics.deviation
    if deviation is not None:
        steady, moving = float(np.median(deviation[sure])), float(np.median(deviation[background]))
        if moving > SEPARATE * steady + 2:
            alike &= deviation < steady + STEADY * (moving - steady)
    return np.asarray(alike)


def _strokes(statistics: LineStatistics, side: int, inside: np.ndarray) -> tuple[np.ndarray, int]:
    """Contrast of thin bright or of thin dark structures, and its sign: of those that are more like text.

    Strokes have much contrast and one level, which stays the same; they change when the line appears or goes.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    ranked = []
    for sign, operation in ((1, cv2.MORPH_TOPHAT), (-1, cv2.MORPH_BLACKHAT)):
        contrast = cv2.morphologyEx(statistics.level, operation, kernel)
        largest = float(np.quantile(contrast[inside], LARGE))
        core = inside & (contrast >= 0.7 * largest)
        spread = float(np.subtract(*np.quantile(statistics.level[core], (0.75, 0.25))))
        varies = float(np.median(statistics.deviation[core])) if statistics.deviation is not None else 0.0
        changed = max((float(np.median(change[core])) for change in statistics.changes), default=0.0)
        ranked.append((largest * (changed + UNSURE) / ((spread + UNSURE) * (varies + 2)), sign, contrast))
    _, sign, contrast = max(ranked, key=lambda entry: entry[:2])
    return contrast, sign


def _joined(possible: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """The connected parts of `possible` that hold a sure pixel."""
    count, labels = cv2.connectedComponents(possible.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, bool)
    keep[np.unique(labels[sure])] = True
    keep[0] = False
    return np.asarray(keep[labels])
