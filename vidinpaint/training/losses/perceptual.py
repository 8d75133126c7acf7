"""Distance between the features of two images.

The features come from a feature network: any module that returns a list of maps (`vidinpaint.training.features`).
Source: Johnson 2016, Perceptual Losses for Real-Time Style Transfer; in the form of Liu 2018, Image Inpainting for
Irregular Holes Using Partial Convolutions, section 3.3. With squares, and with features of a network that sees far: the
high receptive field loss of Suvorov 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, section
2.2.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def perceptual(output: Sequence[Tensor], truth: Sequence[Tensor], power: int = 1) -> Tensor:
    """The sum over the maps (N, C, H, W) of their mean |difference|^power."""
    return torch.stack([((a - b).abs() ** power).mean() for a, b in zip(output, truth, strict=True)]).sum()
