"""Distance between the directions of the features of two images, as in LPIPS without its learned weights.

It sees which features are present, not how strong they are, so a blurred result is far from a sharp one. Source: Zhang
2018, The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, equation 1.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

EPSILON = 1e-6


def deep_distance(output: Sequence[Tensor], truth: Sequence[Tensor]) -> Tensor:
    """The mean over the maps (N, C, H, W) and over pixels of |a - b|^2, a and b of unit length over the channels."""
    return torch.stack([_distance(a, b) for a, b in zip(output, truth, strict=True)]).mean()


def _distance(a: Tensor, b: Tensor) -> Tensor:
    return (_unit(a) - _unit(b)).square().sum(1).mean()


def _unit(features: Tensor) -> Tensor:
    features = features.float()
    return features / (features.square().sum(1, keepdim=True) + EPSILON).sqrt()
