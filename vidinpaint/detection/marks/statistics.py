"""`Gradients`: how constant the gradient of each pixel is over time.

The gradient of a mark is the same in every frame, that of the picture below it changes with its motion: the mean over
time shows the mark, and its standard error what the picture may have left in it. Source: Dekel et al., "On the
Effectiveness of Visible Watermarks" (CVPR 2017), section 3.1, which takes the median over many images.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.marks.sampling import Samples

NOISE = 0.15  # grey levels per pixel; error of a mean gradient where nothing moves, from compression
MAX_CORRELATION = 0.9  # between neighbouring blocks, of which there are too few to measure more
NEIGHBOURHOOD = 5  # pixels; the error of a few blocks is too uncertain for one pixel alone


def gradient(grey: np.ndarray) -> np.ndarray:
    """float32 (2, h, w): horizontal and vertical gradient in grey levels per pixel (Sobel, 3 x 3)."""
    grey = grey.astype(np.float32)
    return np.stack([cv2.Sobel(grey, -1, 1, 0, scale=1 / 8), cv2.Sobel(grey, -1, 0, 1, scale=1 / 8)])


@dataclass(frozen=True, eq=False)
class BlockGradients:
    """Of each block of samples: the mean gradient, float32 (B, 2, h, w), and the mean squared one, (B, h, w)."""

    mean: np.ndarray
    energy: np.ndarray

    def over(self, blocks: np.ndarray | slice) -> "Gradients":
        """The statistics of some of the blocks."""
        means, energy = self.mean[blocks], self.energy[blocks]
        count = len(means)
        mean = means.mean(0)
        if count < 2:
            return Gradients(mean, np.sqrt(energy.mean(0) + NOISE**2), energy.mean(0))
        rest = means - mean
        spread = _smooth(np.square(rest).sum((0, 1)) / (count - 1))
        lagged = _smooth((rest[1:] * rest[:-1]).sum((0, 1)) / (count - 1))
        correlation = np.clip(lagged / np.maximum(spread, 1e-6), 0, MAX_CORRELATION)
        error = spread / count * (1 + correlation) / (1 - correlation)
        return Gradients(mean, np.sqrt(error + NOISE**2), energy.mean(0))


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


def _smooth(picture: np.ndarray) -> np.ndarray:
    return cv2.blur(picture, (NEIGHBOURHOOD, NEIGHBOURHOOD))


def block_gradients(samples: Samples) -> BlockGradients:
    """The gradients of all samples, averaged over each block."""
    height, width = samples.grey.shape[1:]
    mean = np.zeros((len(samples.blocks), 2, height, width), np.float32)
    energy = np.zeros((len(samples.blocks), height, width), np.float32)
    for index, (start, stop) in enumerate(samples.blocks):
        for grey in samples.grey[start:stop]:
            g = gradient(grey)
            mean[index] += g
            energy[index] += np.square(g).sum(0)
        mean[index] /= stop - start
        energy[index] /= stop - start
    return BlockGradients(mean, energy)
