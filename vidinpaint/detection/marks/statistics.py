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

FINDING = 8.0  # grey levels per pixel above which gradients are compressed, so that no strong edge outweighs the rest
OUTLINING = 24.0  # the same, where the strength of the mark's own edges matters
NOISE = 0.15  # grey levels per pixel; error of a mean gradient where nothing moves, from compression
MAX_CORRELATION = 0.9  # between neighbouring blocks, of which there are too few to measure more
NEIGHBOURHOOD = 5  # pixels; the error of a few blocks is too uncertain for one pixel alone


def gradient(grey: np.ndarray, limit: float = FINDING) -> np.ndarray:
    """float32 (2, h, w): horizontal and vertical gradient in grey levels per pixel (Sobel, 3 x 3).

    Its length g is compressed to g / sqrt(1 + (g / limit)^2).
    """
    values = grey.astype(np.float32)
    x = cv2.Sobel(values, -1, 1, 0, scale=1 / 8)
    y = cv2.Sobel(values, -1, 0, 1, scale=1 / 8)
    scale = 1 / np.sqrt(1 + (x * x + y * y) / limit**2)
    return np.stack([x * scale, y * scale])


@dataclass(frozen=True, eq=False)
class Gradients:
    """Over some time: mean gradient float32 (2, h, w), its standard error (h, w), the mean squared gradient (h, w)."""

    mean: np.ndarray
    error: np.ndarray
    energy: np.ndarray

    @property
    def strength(self) -> np.ndarray:
        """float32 (h, w): length of the mean gradient, grey levels per pixel."""
        return np.hypot(self.mean[0], self.mean[1])

    @property
    def significance(self) -> np.ndarray:
        """float32 (h, w): the length of the mean gradient in standard errors."""
        return self.strength / self.error


class BlockGradients:
    """The gradients of all samples, averaged over each block; `limit` is that of `gradient`."""

    def __init__(self, samples: Samples, limit: float = FINDING) -> None:
        count, shape = len(samples.blocks), samples.grey.shape[1:]
        self._mean = np.zeros((count, 2, *shape), np.float32)
        self._energy = np.zeros((count, *shape), np.float32)
        for index, (start, stop) in enumerate(samples.blocks):
            for grey in samples.grey[start:stop]:
                vectors = gradient(grey, limit)
                self._mean[index] += vectors
                self._energy[index] += np.square(vectors).sum(0)
            self._mean[index] /= stop - start
            self._energy[index] /= stop - start
        self._square = np.square(self._mean).sum(1)
        self._lagged = (self._mean[1:] * self._mean[:-1]).sum(1)

    def __len__(self) -> int:
        return len(self._mean)

    def over(self, shown: np.ndarray) -> Gradients:
        """The statistics of the blocks that are True in `shown`, bool (B,)."""
        count = int(shown.sum())
        mean = self._mean[shown].mean(0)
        energy = self._energy[shown].mean(0)
        square = np.square(mean).sum(0)
        spread = _smooth(self._square[shown].mean(0) - square) * (count / max(1, count - 1))
        pairs = shown[1:] & shown[:-1]
        if count < 3 or not pairs.any():
            return Gradients(mean, np.sqrt(energy + NOISE**2), energy)
        ends = self._mean[1:][pairs].mean(0) + self._mean[:-1][pairs].mean(0)
        lagged = _smooth(self._lagged[pairs].mean(0) - (mean * ends).sum(0) + square)
        correlation = np.clip(lagged / np.maximum(spread, 1e-6), 0, MAX_CORRELATION)
        error = np.maximum(spread, 0) / count * (1 + correlation) / (1 - correlation)
        return Gradients(mean, np.sqrt(error + NOISE**2), energy)


def _smooth(picture: np.ndarray) -> np.ndarray:
    smooth: np.ndarray = cv2.blur(picture, (NEIGHBOURHOOD, NEIGHBOURHOOD))
    return smooth
