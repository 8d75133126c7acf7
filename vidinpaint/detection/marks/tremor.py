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

from vidinpaint.numerics.kernels import kernel, run_in_ranges

MAX_SHIFT = 1.5  # pixels; the linear model holds for less
MAX_CHANGE = 12.0  # grey levels; more is an object that moves, or light
TEXTURE = 3.0  # grey levels per pixel, of the edges that show the shift
MIN_TEXTURE = 100  # pixels, below which there is no shift to measure
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


def add_regression(sums: np.ndarray, before: np.ndarray, after: np.ndarray, vectors: np.ndarray) -> None:
    """Add the regression of two neighbouring frames to sums; nothing where the frame shifts too far.

    sums           float32 (3, h, w): product of expected and observed change, squares of both
    before, after  uint8 (h, w)
    vectors        float32 (2, h, w): the gradient between them
    """
    rows = np.empty((len(before), 6))
    run_in_ranges(_sum_texture, len(before), before, after, vectors, rows)
    xx, xy, yy, xt, yt, used = rows.sum(0)
    if used < MIN_TEXTURE:
        return
    shift = np.linalg.solve(np.array([[xx, xy], [xy, yy]]) + np.eye(2), -np.array([xt, yt])).astype(np.float32)
    if np.abs(shift).max() <= MAX_SHIFT:
        run_in_ranges(_add_products, len(before), before, after, vectors, shift, sums)


def tremor(sums: np.ndarray, pairs: int) -> Tremor:
    """What the sums float32 (3, h, w) of `regression` over some pairs of frames say."""
    product, square, change = (np.maximum(cv2.blur(one, (PATCH, PATCH)), least) for one, least in zip(sums, _LEAST))
    noise = np.sqrt(change / max(1, pairs) + NOISE**2)
    return Tremor(product / square, np.sqrt(square) * PATCH / noise)


_LEAST = (-np.inf, 1e-6, 0)  # a blur may round sums of squares to below zero


@kernel
def _sum_texture(
    start: int, stop: int, before: np.ndarray, after: np.ndarray, vectors: np.ndarray, rows: np.ndarray
) -> None:
    """Sums of xx, xy, yy, xt, yt and the number of pixels, of the textured pixels of each row."""
    for i in range(start, stop):
        xx = xy = yy = xt = yt = used = 0.0
        for j in range(before.shape[1]):
            x, y = vectors[0, i, j], vectors[1, i, j]
            change = np.float32(after[i, j]) - np.float32(before[i, j])
            if x * x + y * y > TEXTURE**2 and abs(change) < MAX_CHANGE:
                xx += x * x
                xy += x * y
                yy += y * y
                xt += x * change
                yt += y * change
                used += 1.0
        rows[i, 0], rows[i, 1], rows[i, 2] = xx, xy, yy
        rows[i, 3], rows[i, 4], rows[i, 5] = xt, yt, used


@kernel
def _add_products(
    start: int,
    stop: int,
    before: np.ndarray,
    after: np.ndarray,
    vectors: np.ndarray,
    shift: np.ndarray,
    sums: np.ndarray,
) -> None:
    for i in range(start, stop):
        for j in range(before.shape[1]):
            change = np.float32(after[i, j]) - np.float32(before[i, j])
            change = min(max(change, np.float32(-MAX_CHANGE)), np.float32(MAX_CHANGE))
            expected = -(vectors[0, i, j] * shift[0] + vectors[1, i, j] * shift[1])
            sums[0, i, j] += expected * change
            sums[1, i, j] += expected * expected
            sums[2, i, j] += change * change
