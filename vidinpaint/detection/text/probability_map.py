"""`line_boxes`: the boxes of text lines in the probability map of a text detector.

Source: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization" (AAAI 2020), section 3.5: the
network marks each line by a region that was shrunk by a distance D = area * r / perimeter; binarise, take the connected
regions, and expand each by the distance that undoes the shrinking.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.window import Box

BINARY = 0.3  # of the probability; the value of the paper and of PP-OCR
UNCLIP = 1.6  # r of the expansion; the value of PP-OCR, between 1.5 of the paper and 2.0 for curved text
LEAST_SIDE = 2  # pixels of the map; smaller regions are specks
STEEPEST = 8.0  # degrees; lines of burnt-in text are level


@dataclass(frozen=True)
class Found:
    """A line of text in one frame: its box, and the mean probability inside, 0 to 1."""

    box: Box
    score: float


def line_boxes(probability: np.ndarray, least_score: float) -> list[Found]:
    """The level lines of text, from top to bottom.

    probability  float32 (h, w), 0 to 1
    least_score  of the mean probability of a line, 0 to 1
    """
    binary = (probability > BINARY).astype(np.uint8)
    contours, _ = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [line for contour in contours if (line := _line(contour, probability, least_score))]
    return sorted(found, key=lambda line: (line.box.y, line.box.x))


def _line(contour: np.ndarray, probability: np.ndarray, least_score: float) -> Found | None:
    (_, _), (first, second), _ = cv2.minAreaRect(contour)
    if min(first, second) < LEAST_SIDE or _slope(contour) > STEEPEST:
        return None
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour - (x, y)], -1, 1, -1)
    score = float(probability[y : y + height, x : x + width][inside > 0].mean())
    if score < least_score:
        return None
    margin = math.ceil(UNCLIP * first * second / (2 * (first + second)))
    rows, columns = probability.shape
    return Found(Box(x, y, width, height).expanded(margin, margin, columns, rows), score)


def _slope(contour: np.ndarray) -> float:
    """Degrees between the long side of a region and the horizontal; 0 for a region that is hardly longer than wide."""
    corners = cv2.boxPoints(cv2.minAreaRect(contour))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T)
    if lengths.max() < 1.5 * lengths.min():
        return 0.0
    dx, dy = np.abs(sides[lengths.argmax()])
    return math.degrees(math.atan2(dy, dx))
