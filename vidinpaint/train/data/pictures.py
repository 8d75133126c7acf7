"""Photos with holes as examples for nets that paint pictures: what is true, what is hole, and the start under it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vidinpaint.laplace import smooth_fill
from vidinpaint.train.data.colour import recoloured
from vidinpaint.train.data.masks import any_hole, irregular
from vidinpaint.train.data.photos import Photos
from vidinpaint.train.data.tensors import tensor_of

SHARES = (0.1, 0.4)
"""What the holes of held-out pictures cover, from and to."""


@dataclass(frozen=True)
class Example:
    """Pictures float32 (N, H, W, 3) in [0, 1], holes bool (N, H, W), True = paint, the pictures with a smooth start."""

    truth: np.ndarray
    hole: np.ndarray
    start: np.ndarray

    def tensors(self) -> dict[str, Tensor]:
        """truth and start float32 (N, 3, H, W) in [-1, 1], hole (N, 1, H, W), 1 = paint."""
        return {
            "truth": tensor_of(self.truth) * 2 - 1,
            "hole": tensor_of(self.hole[..., None]),
            "start": tensor_of(self.start) * 2 - 1,
        }


def examples(
    random: np.random.Generator, photos: Photos, count: int, size: int, kinds: Sequence[str], colour: float = 0.0
) -> Example:
    """Random crops of size x size in other colours, with holes of the kinds of `vidinpaint.train.data.masks`."""
    truth = [recoloured(random, photos.crop(random, size, size), colour) for _ in range(count)]
    return started(np.stack(truth), np.stack([any_hole(random, size, size, kinds) for _ in range(count)]))


def held_out(photos: Photos, count: int, size: int) -> Example:
    """Always the same crops, with irregular strokes over `SHARES` of each."""
    random = np.random.default_rng(0)
    truth = [photos.crop(random, size, size) for _ in range(count)]
    return started(np.stack(truth), np.stack([irregular(random, size, size, SHARES) for _ in range(count)]))


def started(truth: np.ndarray, hole: np.ndarray) -> Example:
    """With Laplace's equation solved under the holes."""
    known = np.where(hole[..., None], np.float32(0), truth)
    return Example(truth, hole, smooth_fill(known, hole))
