"""How fast a camera moves, roughly: the shift between small pictures by phase correlation.

Kuglin and Hines 1975, The phase correlation image alignment method. It decides how much is looked at around a mask:
what it hides has to come into view, and flow wants to see most of what moves through a crop.
"""

import cv2
import numpy as np

TRUSTED = 0.05  # height of the correlation's peak below which the two pictures have no shift in common


def shift(before: np.ndarray, after: np.ndarray) -> float:
    """Length of the shift between two grey pictures uint8 (h, w), as a share of their height; 0 where there is none."""
    first, second = before.astype(np.float32), after.astype(np.float32)
    if min(first.shape) < 8:
        return 0.0
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    (dx, dy), peak = cv2.phaseCorrelate(first, second, window)
    (still_x, still_y), _ = cv2.phaseCorrelate(first, first, window)  # OpenCV's centre is off for some sizes
    if not peak >= TRUSTED:
        return 0.0
    length = float(np.hypot(dx - still_x, dy - still_y))
    return length / int(first.shape[0])
