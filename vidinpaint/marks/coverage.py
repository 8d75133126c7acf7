"""How far each layer of a mark covers each pixel: fully inside, in part at soft edges."""

import numpy as np

from vidinpaint.marks.layers import Layer

_LUMA = np.array([0.299, 0.587, 0.114])
_CHROMA = 0.3  # weight beside luma: at the edges of a mark, chroma of half the resolution is blurred
_TO_YUV = np.stack(
    [np.sqrt(3) * _LUMA, _CHROMA * (np.array([0, 0, 1]) - _LUMA), _CHROMA * (np.array([1, 0, 0]) - _LUMA)], axis=1
).astype(np.float32)
_SOLID = 0.05  # standard deviation of the total coverage inside a mark from 1
_MOST = 1.05  # a coverage of more than all is an error of the layer's opacity


def cover(
    observed: np.ndarray,
    expected: np.ndarray,
    weight: np.ndarray,
    solid: np.ndarray,
    spread: np.ndarray,
    layers: list[Layer],
) -> tuple[np.ndarray, np.ndarray]:
    """The coverage of n pixels by one or two layers, and its covariance.

    observed, expected  float32 (T, n, 3): the frames, and the background that is predicted
    weight              float32 (n,): what one frame tells, as the inverse of a mean square error
    solid               bool (n,): inside the mark, where the coverages sum up to 1
    spread              float32 (n, K): standard deviation of a coverage of which nothing is known, from 0

    Returns float32 (n, K) and float32 (n, K, K). Least squares on J - B = sum of c a (C - B) over time and channels
    (luma and weighted chroma), with coverages that are not negative and sum up to 1 at most.
    """
    count = len(layers)
    effects = [layer.opacity * (layer.colour - expected) @ _TO_YUV for layer in layers]
    difference = (observed - expected) @ _TO_YUV
    matrix = np.empty((len(weight), count, count))
    right = np.empty((len(weight), count))
    bonus = solid / _SOLID**2
    for i, effect in enumerate(effects):
        right[:, i] = weight * np.einsum("tnc,tnc->n", effect, difference) + bonus
        for k in range(count):
            matrix[:, i, k] = weight * np.einsum("tnc,tnc->n", effect, effects[k]) + bonus
        matrix[:, i, i] += 1 / spread[:, i] ** 2
    coverage = np.linalg.solve(matrix, right[..., None])[..., 0]
    for i in range(count if count > 1 else 0):  # where one is negative, the other one alone
        other = 1 - i
        alone = right[:, other] / matrix[:, other, other]
        negative = coverage[:, i] < 0
        coverage[negative, other] = alone[negative]
        coverage[negative, i] = 0
    coverage = np.maximum(coverage, 0)
    total = np.maximum(coverage.sum(axis=1, keepdims=True), 1e-6)
    coverage *= np.minimum(1, _MOST / total)
    return coverage.astype(np.float32), np.linalg.inv(matrix).astype(np.float32)
