"""How constant the gradient of each pixel is over time.

The gradient of a mark is the same in every frame, that of the picture below it changes with its motion: the mean over
time shows the mark, and its standard error what the picture may have left in it. Source: Dekel et al., "On the
Effectiveness of Visible Watermarks" (CVPR 2017), section 3.1, which takes the median over many images. Here strong
gradients are compressed before the mean, which is as robust and needs no frames in memory.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from vidinpaint.detection.marks.sampling import Samples
from vidinpaint.detection.marks.tremor import Tremor, add_regression, tremor
from vidinpaint.numerics.kernels import kernel, run_in_ranges

FINDING = 8.0  # grey levels per pixel above which gradients are compressed, so that no strong edge outweighs the rest
OUTLINING = 24.0  # the same, where the strength of the mark's own edges matters
NOISE = 0.15  # grey levels per pixel; error of a mean gradient where nothing moves, from compression
MAX_CORRELATION = 0.9  # between neighbouring blocks, of which there are too few to measure more
NEIGHBOURHOOD = 5  # pixels; the error of a few blocks is too uncertain for one pixel alone


def gradient(grey: np.ndarray) -> np.ndarray:
    """float32 (2, h, w): horizontal and vertical gradient in grey levels per pixel (Sobel, 3 x 3)."""
    vectors = np.empty((2, *grey.shape), np.float32)
    cv2.Sobel(grey, cv2.CV_32F, 1, 0, dst=vectors[0], scale=1 / 8)
    cv2.Sobel(grey, cv2.CV_32F, 0, 1, dst=vectors[1], scale=1 / 8)
    return vectors


def compressed(vectors: np.ndarray, limit: float = FINDING) -> np.ndarray:
    """float32 (2, h, w): gradients of a length g compressed to g / sqrt(1 + (g / limit)^2)."""
    return np.asarray(vectors / np.sqrt(1 + np.square(vectors).sum(0) / limit**2))


@dataclass(frozen=True, eq=False)
class Gradients:
    """Over some time: mean gradient float32 (2, h, w), its standard error (h, w), the mean squared gradient (h, w)."""

    mean: np.ndarray
    error: np.ndarray
    energy: np.ndarray

    @cached_property
    def strength(self) -> np.ndarray:
        """float32 (h, w): length of the mean gradient, grey levels per pixel."""
        return np.asarray(np.hypot(self.mean[0], self.mean[1]))

    @cached_property
    def significance(self) -> np.ndarray:
        """float32 (h, w): the length of the mean gradient in standard errors."""
        return np.asarray(self.strength / self.error)


class BlockStatistics:
    """The gradients and the tremor of all samples, averaged over each block.

    limit  of `compressed`
    """

    def __init__(self, samples: Samples, limit: float = FINDING) -> None:
        count, shape = len(samples.blocks), samples.grey.shape[1:]
        self._mean = np.zeros((count, 2, *shape), np.float32)
        self._energy = np.zeros((count, *shape), np.float32)
        self._tremor = np.zeros((count, 3, *shape), np.float32)
        self._lengths = np.array([stop - start for start, stop in samples.blocks])
        before = last = None
        for index, (start, stop) in enumerate(samples.blocks):
            for sample in range(start, stop):
                grey = samples.grey[sample]
                vectors = gradient(grey)
                if before is not None and last is not None and sample not in samples.cuts:
                    add_regression(self._tremor[index], before, grey, cv2.addWeighted(last, 0.5, vectors, 0.5, 0))
                before, last = grey, vectors
                run_in_ranges(_add_compressed, shape[0], vectors, limit, self._mean[index], self._energy[index])
            self._mean[index] /= stop - start
            self._energy[index] /= stop - start

    def __len__(self) -> int:
        return len(self._mean)

    def over(self, shown: np.ndarray) -> Gradients:
        """The gradients in the blocks that are True in `shown`, bool (B,)."""
        chosen = np.flatnonzero(shown)
        count, shape = len(chosen), self._energy.shape[1:]
        mean, energy = np.zeros((2, *shape), np.float32), np.zeros(shape, np.float32)
        spread, lagged = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        run_in_ranges(_sum_up, shape[0], self._mean, self._energy, chosen, mean, energy, spread, lagged)
        pairs = int((np.diff(chosen) == 1).sum())
        if count < 3 or not pairs:
            return Gradients(mean, np.sqrt(energy + NOISE**2), energy)
        spread = _smooth(spread / (count - 1))
        correlation = np.clip(_smooth(lagged / pairs) / np.maximum(spread, 1e-6), 0, MAX_CORRELATION)
        error = spread / count * (1 + correlation) / (1 - correlation)
        return Gradients(mean, np.sqrt(np.maximum(error, 0) + NOISE**2), energy)

    def tremor(self, shown: np.ndarray) -> Tremor:
        """The tremor in the blocks that are True in `shown`, bool (B,)."""
        return tremor(self._tremor[shown].sum(0), int(self._lengths[shown].sum()))


def _smooth(picture: np.ndarray) -> np.ndarray:
    smooth: np.ndarray = cv2.blur(picture, (NEIGHBOURHOOD, NEIGHBOURHOOD))
    return smooth


@kernel
def _add_compressed(
    start: int, stop: int, vectors: np.ndarray, limit: float, mean: np.ndarray, energy: np.ndarray
) -> None:
    """See `compressed`; the sum of its squares is added to the energy."""
    for i in range(start, stop):
        for j in range(vectors.shape[2]):
            x, y = vectors[0, i, j], vectors[1, i, j]
            square = x * x + y * y
            factor = 1 / (1 + square / (limit * limit))
            energy[i, j] += square * factor
            factor = np.sqrt(factor)
            mean[0, i, j] += x * factor
            mean[1, i, j] += y * factor


@kernel
def _sum_up(
    start: int,
    stop: int,
    means: np.ndarray,
    energies: np.ndarray,
    chosen: np.ndarray,
    mean: np.ndarray,
    energy: np.ndarray,
    spread: np.ndarray,
    lagged: np.ndarray,
) -> None:
    """Means over the chosen blocks, the sum of squares around them and of products of neighbouring blocks."""
    count = len(chosen)
    for i in range(start, stop):
        for k in range(count):
            for j in range(means.shape[3]):
                mean[0, i, j] += means[chosen[k], 0, i, j] / count
                mean[1, i, j] += means[chosen[k], 1, i, j] / count
                energy[i, j] += energies[chosen[k], i, j] / count
        for k in range(count):
            paired = k > 0 and chosen[k] == chosen[k - 1] + 1
            for j in range(means.shape[3]):
                for axis in range(2):
                    value = means[chosen[k], axis, i, j] - mean[axis, i, j]
                    spread[i, j] += value * value
                    if paired:
                        lagged[i, j] += value * (means[chosen[k - 1], axis, i, j] - mean[axis, i, j])
