"""Distance between the Gram matrices of the features of two images: which features occur together, wherever.

Source: Gatys 2016, Image Style Transfer Using Convolutional Neural Networks; in the form of Liu 2018,
Image Inpainting for Irregular Holes Using Partial Convolutions, equations 4 and 5.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def gram(features: Tensor) -> Tensor:
    """(N, C, C): products of every two of the C maps (N, C, H, W), summed over the image and divided by C H W."""
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / (flat.shape[1] * flat.shape[2])


def style(output: Sequence[Tensor], truth: Sequence[Tensor]) -> Tensor:
    """The sum over the maps (N, C, H, W) of the mean absolute difference of their Gram matrices."""
    return torch.stack([(gram(a) - gram(b)).abs().mean() for a, b in zip(output, truth, strict=True)]).sum()
