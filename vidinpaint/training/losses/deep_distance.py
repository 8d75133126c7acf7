"""Distance between the directions of the features of two images, as in LPIPS without its learned weights.

A blurred result is far from a sharp one. Source: Zhang 2018, The Unreasonable Effectiveness of Deep Features as a
Perceptual Metric, equation 1.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from vidinpaint.networks.feature_difference import squared_difference

EPSILON = 1e-3


def deep_distance(output: Sequence[Tensor], truth: Sequence[Tensor]) -> Tensor:
    """The mean over the maps (N, C, H, W) and over pixels of |a - b|^2, a and b of unit length over the channels."""
    return torch.stack([_distance(a.float(), b.float()) for a, b in zip(output, truth, strict=True)]).mean()


def _distance(a: Tensor, b: Tensor) -> Tensor:
    return squared_difference(a, b, EPSILON).sum(1).mean()
