"""Strided convolutions from an image to a vector: the trunk of discriminators of whole images.

The papers flatten the last maps, so that their discriminators know one size of image. Here the maps are averaged to a
fixed grid before they are flattened (smaller ones are repeated): at the size of the paper nothing changes, and any
other size works too.
"""

from collections.abc import Sequence

from torch import nn


def strided(channels: int, widths: Sequence[int], grid: int, normalised: bool = False) -> nn.Sequential:
    """5 x 5 convolutions that halve the size, from (N, channels, H, W) to (N, widths[-1] grid^2).

    widths      channels after each convolution
    grid        rows and columns of the last maps
    normalised  ReLU and batch normalisation follow each convolution, instead of leaky ReLU. Default: False
    """
    layers: list[nn.Module] = []
    for width in widths:
        layers.append(nn.Conv2d(channels, width, 5, stride=2, padding=2))
        layers += [nn.ReLU(), nn.BatchNorm2d(width)] if normalised else [nn.LeakyReLU(0.2)]
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(grid), nn.Flatten())
