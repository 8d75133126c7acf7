"""How constant the gradient of each pixel is over time.

The gradient of a mark is the same in every frame, that of the picture below it changes with its motion: the mean over
time shows the mark, and its standard error what the picture may have left in it. Source: Dekel et al., "On the
Effectiveness of Visible Watermarks" (CVPR 2017), section 3.1, which takes the median over many images. Here strong
gradients are compressed before the mean, which is as robust and needs no frames in memory.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.marks.sampling import Samples
from vidinpaint.detection.marks.tremor import Tremor, regression, tremor

FINDING = 8.0  # grey levels per pixel above which gradients are compressed, so that no strong edge outweighs the rest
OUTLINING = 24.0  # the same, where the strength of the mark's own edges matters
NOISE = 0.15  # grey levels per pixel; error of a mean gradient where nothing moves, from compression
MAX_CORRELATION = 0.9  # between neighbouring blocks, of which there are too few to measure more
NEIGHBOURHOOD = 5  # pixels; the error of a few blocks is too uncertain for one pixel alone


def gradient(grey: np.ndarray) -> np.ndarray:
    """float32 (2, h, w): horizontal and vertical gradient in grey levels per pixel (Sobel, 3 x 3)."""
    values = grey.astype(np.float32)
    return np.stack([cv2.Sobel(values, -1, 1, 0, scale=1 / 8), cv2.Sobel(values, -1, 0, 1, scale=1 / 8)])


def compressed(vectors: np.ndarray, limit: float = FINDING) -> np.ndarray:
    """float32 (2, h, w): gradients of a length g compressed to g / sqrt(1 + (g / limit)^2)."""
    return np.asarray(vectors / np.sqrt(1 + np.square(vectors).sum(0) / limit**2))


@dataclass(frozen=True, eq=False)
class Gradients:
    """Over some time: mean gradient float32 (2, h, w), its standard error (h, w), the mean squared gradient (h, w)."""

    mean: np.ndarray
    error: np.ndarray
    energy: np.ndarray

    @property
    def strength(self) -> np.ndarray:
        """float32 (h, w): length of the mean gradient, grey levels per pixel."""
        return np.asarray(np.hypot(self.mean[0], self.mean[1]))

    @property
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
                grey = samples.grey[sample].astype(np.float32)
                vectors = gradient(grey)
                if before is not None and last is not None and sample not in samples.cuts:
                    self._tremor[index] += regression(before, grey, (last + vectors) / 2)
                before, last = grey, vectors
                vectors = compressed(vectors, limit)
                self._mean[index] += vectors
                self._energy[index] += np.square(vectors).sum(0)
            self._mean[index] /= stop - start
            self._energy[index] /= stop - start

    def __len__(self) -> int:
        return len(self._mean)

    def over(self, shown: np.ndarray) -> Gradients:
        """The gradients in the blocks that are True in `shown`, bool (B,)."""
        means = self._mean[shown]
        count, mean, energy = len(means), means.mean(0), self._energy[shown].mean(0)
        pairs = np.flatnonzero(shown[1:] & shown[:-1])
        if count < 3 or not len(pairs):
            return Gradients(mean, np.sqrt(energy + NOISE**2), energy)
        spread = _smooth(np.square(means - mean).sum((0, 1)) / (count - 1))
        lagged = sum(((self._mean[i] - mean) * (self._mean[i + 1] - mean)).sum(0) for i in pairs)
        correlation = np.clip(_smooth(lagged / len(pairs)) / np.maximum(spread, 1e-6), 0, MAX_CORRELATION)
        error = spread / count * (1 + correlation) / (1 - correlation)
        return Gradients(mean, np.sqrt(np.maximum(error, 0) + NOISE**2), energy)

    def tremor(self, shown: np.ndarray) -> Tremor:
        """The tremor in the blocks that are True in `shown`, bool (B,)."""
        return tremor(self._tremor[shown].sum(0), int(self._lengths[shown].sum()))


def _smooth(picture: np.ndarray) -> np.ndarray:
    smooth: np.ndarray = cv2.blur(picture, (NEIGHBOURHOOD, NEIGHBOURHOOD))
    return smooth
