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


def regression(before: np.ndarray, after: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """float32 (3, h, w): product of expected and observed change, squares of both, of two neighbouring frames.

    before, after  float32 (h, w)
    gradient       float32 (2, h, w): between them
    Zero where the frame shifts too far.
    """
    change = np.clip(after - before, -MAX_CHANGE, MAX_CHANGE)
    shift = _shift(gradient, change)
    if np.abs(shift).max() > MAX_SHIFT:
        return np.zeros((3, *change.shape), np.float32)
    expected = -(gradient[0] * shift[0] + gradient[1] * shift[1])
    return np.stack([expected * change, expected * expected, change * change])


def tremor(sums: np.ndarray, pairs: int) -> Tremor:
    """What the sums float32 (3, h, w) of `regression` over some pairs of frames say."""
    product, square, change = (np.maximum(cv2.blur(one, (PATCH, PATCH)), least) for one, least in zip(sums, _LEAST))
    noise = np.sqrt(change / max(1, pairs) + NOISE**2)
    return Tremor(product / square, np.sqrt(square) * PATCH / noise)


_LEAST = (-np.inf, 1e-6, 0)  # a blur may round sums of squares to below zero


def _shift(gradient: np.ndarray, change: np.ndarray) -> np.ndarray:
    """float32 (2,): by which the frame has moved, in x and y."""
    x, y = gradient
    used = ((x * x + y * y > TEXTURE**2) & (np.abs(change) < MAX_CHANGE)).astype(np.float32)
    if used.sum() < MIN_TEXTURE:
        return np.zeros(2, np.float32)
    ux, uy = (used * x).ravel(), (used * y).ravel()
    matrix = np.array([[ux @ x.ravel(), ux @ y.ravel()], [ux @ y.ravel(), uy @ y.ravel()]]) + np.eye(2)
    return np.asarray(np.linalg.solve(matrix, -np.array([ux @ change.ravel(), uy @ change.ravel()])), np.float32)
