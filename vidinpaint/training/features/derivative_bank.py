"""A feature network without weights: oriented derivatives at several scales.

Edges and lines of four directions at each scale and colour, separately for light on dark and dark on light. It knows no
objects, unlike VGG, but it is small, always available, and distinguishes sharp from blurred.
First and second derivatives of a Gaussian: Freeman and Adelson 1991, The Design and Use of Steerable Filters.
"""

from math import pi

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, pad, relu

RADIUS, SIGMA = 2, 0.9


class DerivativeBank(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] to `scales` maps (N, 48, H / 2^s, W / 2^s), at least 0; 0 in constant areas."""

    def __init__(self, scales: int = 3, directions: int = 4) -> None:
        super().__init__()
        self.scales = scales
        self.register_buffer("filters", derivatives(directions), persistent=False)

    def forward(self, image: Tensor) -> list[Tensor]:
        maps = []
        for scale in range(self.scales):
            if scale:
                image = avg_pool2d(image, 2, ceil_mode=True)
            number, colours, height, width = image.shape
            channels = pad(image.reshape(number * colours, 1, height, width), [RADIUS] * 4, mode="replicate")
            responses = conv2d(channels, self.get_buffer("filters")).reshape(number, -1, height, width)
            maps.append(torch.cat([relu(responses), relu(-responses)], 1))
        return maps


def derivatives(directions: int) -> Tensor:
    """(2 directions, 1, 5, 5): first and second derivatives; each sums to 0, its absolute values to 1."""
    along = torch.arange(-RADIUS, RADIUS + 1, dtype=torch.float32) / SIGMA
    y, x = torch.meshgrid(along, along, indexing="ij")
    bell = torch.exp(-(x * x + y * y) / 2)
    bank = []
    for index in range(directions):
        angle = torch.tensor(pi * index / directions)
        u = x * torch.cos(angle) + y * torch.sin(angle)
        for kernel in (u * bell, (u * u - 1) * bell):
            kernel = kernel - kernel.mean()
            bank.append(kernel / kernel.abs().sum())
    return torch.stack(bank)[:, None]
