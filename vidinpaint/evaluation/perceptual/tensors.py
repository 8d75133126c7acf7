"""Frames and feature maps as perceptual metrics need them."""

import numpy as np
import torch
from torch import Tensor


def image_tensor(frame: np.ndarray) -> Tensor:
    """A frame uint8 (H, W, 3) as float32 (1, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frame)).permute(2, 0, 1)[None].float() / 127.5 - 1


def squared_difference(first: Tensor, second: Tensor, epsilon: float) -> Tensor:
    """(N, C, H, W): of two maps of this shape whose features have unit length; Zhang 2018, equation 1, before its sums.

    epsilon is added to the length, so that zeros stay zeros.
    """
    a, b = (features / (features.square().sum(1, keepdim=True).sqrt() + epsilon) for features in (first, second))
    return (a - b).square()
