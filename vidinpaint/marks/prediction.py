"""What the background under a mark looks like, how far to trust that, and how many frames differ from each other."""

import cv2
import numpy as np

from vidinpaint.numerics.laplace import ROUGH, smooth_interpolation
from vidinpaint.numerics.morphology import distance_outside

DISTANCES = (1, 2, 4, 8, 16)
"""Pixels from the nearest known one at which the error of a prediction is measured."""
_ENOUGH = 2**19  # pixels of all frames together that the error of a prediction is measured in
_MIN_PAIRS = 30  # pixels that a mean square error is taken over, at least
_UNKNOWN_ERROR = 0.1**2  # where nothing can be measured: the contrast of common footage
_TEXTURE = 4.0  # pixels: sigma of the blur that parts texture from shading


def predict(frames: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The frames with their unknown pixels interpolated smoothly: float32 (T, h, w, C), unknown (h, w)."""
    return smooth_interpolation(frames, np.broadcast_to(unknown, frames.shape[:3]), ROUGH)


def prediction_error(frames: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """float32 (h, w): mean square error of `predict`, from how well known pixels follow from others as far away.

    frames  float32 (T, h, w, 3)
    unknown  bool (h, w)

    At the distance d from the known pixels the error is that of the mean of the two pixels d to the left and right, or
    above and below, over all triples of known pixels.
    """
    count = min(max(_ENOUGH // unknown.size, 2), len(frames))
    some = frames[:: len(frames) // count][:count]
    errors = np.array([_interpolation_error(some, ~unknown, distance) for distance in DISTANCES])
    error = np.interp(distance_outside(unknown), DISTANCES, np.maximum.accumulate(errors))
    return np.where(unknown, error, 0).astype(np.float32)


def _interpolation_error(frames: np.ndarray, known: np.ndarray, distance: int) -> float:
    errors = []
    for rows, columns in ((distance, 0), (0, distance)):
        height, width = known.shape[0] - 2 * rows, known.shape[1] - 2 * columns
        if height <= 0 or width <= 0:
            continue
        middle = (slice(rows, rows + height), slice(columns, columns + width))
        before, after = (slice(height), slice(width)), (slice(2 * rows, None), slice(2 * columns, None))
        triples = known[middle] & known[before] & known[after]
        if np.count_nonzero(triples) >= _MIN_PAIRS:
            at, left, right = (frames[(slice(None), *part)] for part in (middle, before, after))
            squares = np.square(at - (left + right) / 2).mean(axis=(0, -1))
            errors.append(float(squares[triples].mean()))
    return float(np.mean(errors)) if errors else _UNKNOWN_ERROR


def independent_frames(frames: np.ndarray, known: np.ndarray, noise: float) -> float:
    """How many frames with independent texture are worth as much as these: 1 for a still shot, at most T.

    frames  float32 (T, h, w, 3)
    known   bool (h, w): pixels that are looked at
    noise   standard deviation that does not count as texture

    T divided by the mean correlation of all pairs of frames, of the luma without its shading.
    """
    if not known.any():
        return 1.0
    luma = frames.mean(-1)
    texture = luma - np.stack([cv2.GaussianBlur(frame, (0, 0), _TEXTURE) for frame in luma])
    samples = texture[:, known]
    products = samples @ samples.T
    scale = np.sqrt(np.diag(products) + noise**2 * samples.shape[1])
    correlation = np.clip(products / scale[:, None] / scale[None], 0, 1)
    np.fill_diagonal(correlation, 1)
    return float(len(frames) ** 2 / correlation.sum())
