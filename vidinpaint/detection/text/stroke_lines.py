"""`stroke_lines`: lines of text in a picture without a network, by thin strokes of similar height in a row.

Worse than the network of `network.LineDetector`: it finds text with a clear contrast, and takes rows of windows, fence
posts or leaves for text. What is found is then compared over time, which removes most of that.
"""

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.text.probability_map import Found

CONTRAST = 48  # grey levels of a stroke against what is around it
SMALLEST, LARGEST = 7, 0.1  # height of a letter: pixels, and part of the frame's height
STROKE = 0.03  # largest width of a stroke, in heights of the frame
WIDEST = 4.0  # heights of a letter that the parts of a line are wide at most: letters may touch
GAP = 1.2  # heights of a letter between two of one line, at most: a space
LETTERS = 4  # of a line, at least
FILLED = (0.15, 0.9)  # part of its box that a letter fills
MARGIN = 0.3  # of the height of a letter, around a line
SCORE = 0.5  # there is no probability


def stroke_lines(picture: np.ndarray) -> list[Found]:
    """The lines of text in a picture uint8 (H, W, 3) RGB."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    side = max(5, int(STROKE * height)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    lines = []
    for operation in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        strokes = (cv2.morphologyEx(grey, operation, kernel) > CONTRAST).astype(np.uint8)
        lines += _rows(_letters(strokes, height))
    return [
        Found(line.expanded(round(MARGIN * line.height), round(MARGIN * line.height), width, height), SCORE)
        for line in sorted(lines, key=lambda line: (line.y, line.x))
    ]


def _letters(strokes: np.ndarray, height: int) -> list[Box]:
    """Boxes of connected strokes that may be letters, from left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    x, y, wide, high, area = stats[1:].T
    filled = area / (wide * high)
    fits = (high >= SMALLEST) & (high <= LARGEST * height) & (wide <= WIDEST * high)
    fits &= (filled > FILLED[0]) & (filled < FILLED[1])
    return sorted(Box(*map(int, box)) for box in zip(x[fits], y[fits], wide[fits], high[fits]))


def _rows(letters: list[Box]) -> list[Box]:
    """Boxes of lines with enough letters."""
    rows: list[list[Box]] = []
    for letter in letters:
        row = next((row for row in rows if _follows(row[-1], letter)), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    boxes = []
    for row in rows:
        if len(row) >= LETTERS:
            box = row[0]
            for letter in row[1:]:
                box = box.union(letter)
            boxes.append(box)
    return boxes


def _follows(left: Box, right: Box) -> bool:
    """Whether a letter stands behind another one in the same line."""
    common = min(left.y + left.height, right.y + right.height) - max(left.y, right.y)
    taller = max(left.height, right.height)
    gap = right.x - left.x - left.width
    return (
        common > 0.5 * min(left.height, right.height)
        and gap < GAP * taller
        and taller < 2.2 * min(left.height, right.height)
    )
