"""Photos with masks as examples for networks that inpaint images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.training.data.colour import recoloured
from vidinpaint.training.data.masks import any_mask, irregular
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import tensor_of

MASK_COVERAGE = (0.1, 0.4)
"""Least and greatest part of a held-out image that its mask covers."""


@dataclass(frozen=True)
class Example:
    """Images and masks.

    truth  float32 (N, H, W, 3) in [0, 1]
    mask   bool (N, H, W), True = inpaint
    start  like truth, with smooth interpolation under the mask
    """

    truth: np.ndarray
    mask: np.ndarray
    start: np.ndarray

    def __getitem__(self, part: slice) -> "Example":
        return Example(self.truth[part], self.mask[part], self.start[part])

    def tensors(self) -> dict[str, Tensor]:
        """truth and start float32 (N, 3, H, W) in [-1, 1], mask (N, 1, H, W), 1 = inpaint."""
        return {
            "truth": tensor_of(self.truth) * 2 - 1,
            "mask": tensor_of(self.mask[..., None]),
            "start": tensor_of(self.start) * 2 - 1,
        }


def examples(
    random: np.random.Generator, photos: Photos, count: int, size: int, kinds: Sequence[str], colour: float = 0.0
) -> Example:
    """Random crops of size x size pixels, and masks of these kinds, see `data.masks`; colour: see `recoloured`."""
    truth = [recoloured(random, photos.crop(random, size, size), colour) for _ in range(count)]
    return _with_start(np.stack(truth), np.stack([any_mask(random, size, size, kinds) for _ in range(count)]))


def held_out(photos: Photos, count: int, size: int) -> Example:
    """The same crops at each call, with irregular strokes over `MASK_COVERAGE` of each."""
    random = np.random.default_rng(0)
    truth = [photos.crop(random, size, size) for _ in range(count)]
    return _with_start(np.stack(truth), np.stack([irregular(random, size, size, MASK_COVERAGE) for _ in range(count)]))


def _with_start(truth: np.ndarray, mask: np.ndarray) -> Example:
    """The example whose start solves Laplace's equation under the masks."""
    return Example(truth, mask, smooth_interpolation(truth, mask))
