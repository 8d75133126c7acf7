"""HaarPSI: local similarity of Haar wavelet coefficients, weighted by how much structure there is; 1 is best.

Source: Reisenhofer, Bosse, Kutyniok and Wiegand 2018, A Haar wavelet-based perceptual similarity index for image
quality assessment; the variant for colour images.
"""

import math

import cv2
import numpy as np

C, ALPHA = 30.0, 4.2  # section 3.2: found by the authors on databases with ratings
YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], np.float32)
SCALES = 3  # the finer two are compared, the coarsest one gives the weights
SMALLEST = 16
"""Least height and width in pixels, so that the largest wavelet fits into the halved image."""


def haar_similarity(first: np.ndarray, second: np.ndarray, mask: np.ndarray | None = None) -> float:
    """HaarPSI of two RGB images (H, W, 3), 0..255, at least 16 x 16.

    mask  bool (H, W), True at least once: only these pixels count. Default: None, all pixels
    """
    x, y = _halved(first.astype(np.float32) @ YIQ.T), _halved(second.astype(np.float32) @ YIQ.T)
    counted = None if mask is None else _halved(mask.astype(np.float32)) > 0
    chroma = [_similarity(_mean_of_four(x[..., i]), _mean_of_four(y[..., i])) for i in (1, 2)]
    pairs, weights = [], []
    for vertical in (False, True):
        of_x, of_y = (
            [_coefficients(image[..., 0], scale, vertical) for scale in range(1, SCALES + 1)] for image in (x, y)
        )
        pairs.append((_similarity(of_x[0], of_y[0]) + _similarity(of_x[1], of_y[1])) / 2)
        weights.append(np.maximum(of_x[2], of_y[2]))
    pairs.append((chroma[0] + chroma[1]) / 2)
    weights.append((weights[0] + weights[1]) / 2)
    similarity, weight = np.stack(pairs).astype(np.float64), np.stack(weights).astype(np.float64)
    if counted is not None:
        similarity, weight = similarity[:, counted], weight[:, counted]
    total = float(weight.sum())
    if not total:  # both black, where no structure and no brightness differs
        return 1.0
    return _inverse_logistic(float((_logistic(similarity) * weight).sum()) / total) ** 2


def _halved(image: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels, with zeros beyond an odd border as in the authors' code."""
    height, width = image.shape[:2]
    even = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT, value=0)
    return cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def _coefficients(image: np.ndarray, scale: int, vertical: bool) -> np.ndarray:
    """Absolute Haar coefficients (H, W) of one scale and direction around every pixel, zeros beyond the border."""
    size = 2**scale
    flat = np.full(size, 1 / size, np.float32)
    step = np.where(np.arange(size) < size // 2, 1, -1).astype(np.float32)
    kernels = (flat, step) if vertical else (step, flat)
    return np.asarray(np.abs(_filtered(image, *kernels)))


def _mean_of_four(image: np.ndarray) -> np.ndarray:
    half = np.full(2, 0.5, np.float32)
    return np.asarray(np.abs(_filtered(image, half, half)))


def _filtered(image: np.ndarray, horizontal: np.ndarray, vertical: np.ndarray) -> np.ndarray:
    """Correlation whose window reaches from one pixel less than half its size before a pixel to half its size after."""
    anchor = (len(horizontal) // 2 - 1,) * 2
    return cv2.sepFilter2D(image, -1, horizontal, vertical, anchor=anchor, borderType=cv2.BORDER_CONSTANT)


def _similarity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((2 * a * b + C) / (a * a + b * b + C))


def _logistic(value: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-ALPHA * value)))


def _inverse_logistic(value: float) -> float:
    return math.log(value / (1 - value)) / ALPHA
