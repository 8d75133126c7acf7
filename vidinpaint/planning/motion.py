"""How fast a camera moves, roughly: the shift between small pictures by phase correlation.

Kuglin and Hines 1975, The phase correlation image alignment method. The speed determines the margin of crops: the
background behind a mask has to come into view, and flow needs most of what moves through a crop.
"""

import cv2
import numpy as np

MIN_PEAK = 0.05  # of the correlation; below, the two pictures have no common shift


def shift(before: np.ndarray, after: np.ndarray) -> float:
    """Length of the shift between two grey pictures uint8 (h, w), relative to their height; 0 where there is none."""
    first, second = before.astype(np.float32), after.astype(np.float32)
    if min(first.shape) < 8:
        return 0.0
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    (dx, dy), peak = cv2.phaseCorrelate(first, second, window)
    (zero_x, zero_y), _ = cv2.phaseCorrelate(first, first, window)  # for some sizes, not 0 in OpenCV
    if not peak >= MIN_PEAK:
        return 0.0
    length = float(np.hypot(dx - zero_x, dy - zero_y))
    return length / int(first.shape[0])
