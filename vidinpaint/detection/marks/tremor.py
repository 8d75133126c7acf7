"""Whether each edge follows the tremor of the camera, by which a still picture tells itself from a mark.

Hand-held cameras, the gate of a film projector and even tripods shift the picture by hundredths to tenths of a pixel
from frame to frame, and with it every edge of the scene, while those of a mark do not follow. The shift d is that of
the whole frame, by the least squares of optical flow: -g d is the change that it makes to a pixel with the gradient g,
and the observed change is regressed on it. Source: Lucas and Kanade, "An Iterative Image Registration Technique"
(1981), equation 2, for the shift.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.marks.sampling import Samples

MAX_SHIFT = 1.5  # pixels; the linear model holds for less
MAX_CHANGE = 12.0  # grey levels; more is an object that moves, or light
TEXTURE = 3.0  # grey levels per pixel, of the edges that show the shift
PATCH = 7  # pixels, over which the regression is made
NOISE = 0.7  # grey levels, of a difference of frames at least


@dataclass(frozen=True, eq=False)
class Tremor:
    """float32 (h, w) each.

    share     of the shift that the edges follow: 1 for the scene, 0 for a mark; without meaning where nothing shows it
    evidence  how many standard errors of the share are between 0 and 1
    """

    share: np.ndarray
    evidence: np.ndarray


def measure_tremor(samples: Samples) -> Tremor:
    """From all neighbouring samples of each shot."""
    shape = samples.grey.shape[1:]
    product, square, change = np.zeros((3, *shape), np.float32)
    count = 0
    for index in range(1, len(samples.grey)):
        if index in samples.cuts:
            continue
        before, after = (samples.grey[i].astype(np.float32) for i in (index - 1, index))
        difference = np.clip(after - before, -MAX_CHANGE, MAX_CHANGE)
        middle = (before + after) / 2
        x = cv2.Sobel(middle, -1, 1, 0, scale=1 / 8)
        y = cv2.Sobel(middle, -1, 0, 1, scale=1 / 8)
        dx, dy = _shift(x, y, difference)
        if max(abs(dx), abs(dy)) > MAX_SHIFT:
            continue
        expected = -(x * dx + y * dy)
        product += expected * difference
        square += expected * expected
        change += difference * difference
        count += 1
    product, square, change = (cv2.blur(one, (PATCH, PATCH)) * PATCH**2 for one in (product, square, change))
    share = product / np.maximum(square, 1e-6)
    noise = np.sqrt(np.maximum(change, 0) / max(1, count) / PATCH**2 + NOISE**2)
    return Tremor(share, np.sqrt(np.maximum(square, 0)) / noise)


def _shift(x: np.ndarray, y: np.ndarray, difference: np.ndarray) -> tuple[float, float]:
    """By which the frame has moved, from its gradients and the difference to the frame before."""
    used = (x * x + y * y > TEXTURE**2) & (np.abs(difference) < MAX_CHANGE)
    x, y, difference = x[used], y[used], difference[used]
    if x.size < 100:
        return 0.0, 0.0
    matrix = np.array([[x @ x, x @ y], [x @ y, y @ y]]) + np.eye(2)
    dx, dy = np.linalg.solve(matrix, -np.array([x @ difference, y @ difference]))
    return float(dx), float(dy)
