"""Photos with masks as examples for networks that inpaint pictures: what is true, what is mask, and the start under it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.training.data.colour import recoloured
from vidinpaint.training.data.masks import any_mask, irregular
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import tensor_of

SHARES = (0.1, 0.4)
"""What the masks of held-out pictures cover, from and to."""


@dataclass(frozen=True)
class Example:
    """Pictures float32 (N, H, W, 3) in [0, 1], masks bool (N, H, W), True = inpaint, the pictures with a smooth start."""

    truth: np.ndarray
    mask: np.ndarray
    start: np.ndarray

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
    """Random crops of size x size in other colours, with masks of the kinds of `vidinpaint.training.data.masks`."""
    truth = [recoloured(random, photos.crop(random, size, size), colour) for _ in range(count)]
    return started(np.stack(truth), np.stack([any_mask(random, size, size, kinds) for _ in range(count)]))


def held_out(photos: Photos, count: int, size: int) -> Example:
    """Always the same crops, with irregular strokes over `SHARES` of each."""
    random = np.random.default_rng(0)
    truth = [photos.crop(random, size, size) for _ in range(count)]
    return started(np.stack(truth), np.stack([irregular(random, size, size, SHARES) for _ in range(count)]))


def started(truth: np.ndarray, mask: np.ndarray) -> Example:
    """With Laplace's equation solved under the masks."""
    known = np.where(mask[..., None], np.float32(0), truth)
    return Example(truth, mask, smooth_interpolation(known, mask))
