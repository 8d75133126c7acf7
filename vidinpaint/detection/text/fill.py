"""`fill_of`: the strokes of a line of text, bright ones and dark ones, without soft shadows."""

import cv2
import numpy as np

from vidinpaint.detection.text.statistics import LineStatistics

STROKE = 0.3  # largest width of a stroke, in heights of the line's box, which is about 1.6 times that of a capital
LARGE = 0.97  # quantile of the contrast that stands for its largest values
SURE, POSSIBLE = 0.55, 0.25  # of the contrast of the strokes, from which a pixel is one, and from which it may join one
LEAST = 4.0  # grey levels of contrast, below which there is no text
BEYOND_LEVEL = 30  # grey levels by which a pixel of the fill may exceed its usual level: ringing of the compression
CHANGED = 0.2  # of the change of sure pixels, below which a pixel did not change when the line appeared
SEPARATE = 3.0  # times that the strokes change more than the background, from which a change tells one from the other
STEADY = 0.6  # of the deviation of the background, above which a pixel is background
UNSURE = 8.0  # grey levels by which levels and changes of strokes vary anyway


def fill_of(statistics: LineStatistics, inside: np.ndarray, background: np.ndarray) -> np.ndarray:
    """bool (h, w), True = stroke.

    inside      bool (h, w): where the line may be
    background  bool (h, w): what is around it, without other lines

    Outlined text has bright strokes and dark ones. Those that are more like text are taken: they have much contrast and
    one level, which stays the same, and they change when the line appears or goes. The others are taken too if the
    frames show that they are not background.
    """
    side = max(3, int(STROKE * np.ptp(np.flatnonzero(inside.any(1)))) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    found = []
    for sign, operation in ((1, cv2.MORPH_TOPHAT), (-1, cv2.MORPH_BLACKHAT)):
        contrast = cv2.morphologyEx(statistics.level, operation, kernel)
        strokes, proven = _strokes(statistics, contrast, sign, inside, background)
        found.append((_likeness(statistics, contrast, inside), sign, strokes, proven))
    (_, _, best, _), (_, _, other, proven) = sorted(found, key=lambda entry: entry[:2], reverse=True)
    return best | other if proven else best


def _strokes(
    statistics: LineStatistics, contrast: np.ndarray, sign: int, inside: np.ndarray, background: np.ndarray
) -> tuple[np.ndarray, bool]:
    """Strokes of one sign, and whether the frames prove that they are not background."""
    allowed, proven = inside, False
    for _ in range(2):  # the second time among what is like the strokes of the first time
        largest = float(np.quantile(contrast[allowed], LARGE)) if allowed.any() else 0.0
        sure = allowed & (contrast > SURE * largest)
        if not sure.any() or largest < LEAST:
            return np.zeros_like(inside), False
        alike, proven = _alike(statistics, sure, sign, background)
        allowed = inside & alike
    return _joined(allowed & (contrast > POSSIBLE * largest), sure & allowed), proven


def _alike(statistics: LineStatistics, sure: np.ndarray, sign: int, background: np.ndarray) -> tuple[np.ndarray, bool]:
    """bool (h, w): pixels that behave as sure strokes do, and not as the background; whether the two differ."""
    alike, differ = sign * (statistics.level - float(np.median(statistics.level[sure]))) < BEYOND_LEVEL, False
    for change in statistics.changes:
        typical = float(np.median(change[sure]))
        if typical > SEPARATE * float(np.median(change[background])) + 3:
            alike &= change > CHANGED * typical
            differ = True
    deviation = statistics.deviation
    if deviation is not None:
        steady, moving = float(np.median(deviation[sure])), float(np.median(deviation[background]))
        if moving > SEPARATE * steady + 2:
            alike &= deviation < steady + STEADY * (moving - steady)
            differ = True
    return alike, differ


def _likeness(statistics: LineStatistics, contrast: np.ndarray, inside: np.ndarray) -> float:
    """How much the structures with the largest contrast are like text, larger = more."""
    largest = float(np.quantile(contrast[inside], LARGE))
    core = inside & (contrast >= 0.7 * largest)
    spread = float(np.subtract(*np.quantile(statistics.level[core], (0.75, 0.25))))
    varies = float(np.median(statistics.deviation[core])) if statistics.deviation is not None else 0.0
    changed = max((float(np.median(change[core])) for change in statistics.changes), default=0.0)
    return largest * (changed + UNSURE) / ((spread + UNSURE) * (varies + 2))


def _joined(possible: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """The connected parts of `possible` that hold a sure pixel."""
    count, labels = cv2.connectedComponents(possible.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, bool)
    keep[np.unique(labels[sure])] = True
    keep[0] = False
    return np.asarray(keep[labels])
