"""A small network that tells which pixels of an image were synthesised.

It sees the image alone, never a mask, so it has to judge the pixels: missing grain and fine detail, smeared edges,
borders of copied patches. Such traces are about as strong as the grain, so the first layer also sees the difference of
the image from its local mean. The network halves the size four times, for context, and returns to a quarter of the
size. Source of the high-pass filter: Li 2019, Localization of Deep Inpainting Using High-Pass Fully Convolutional
Network, section 3.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEVELS = (1.0, 1.5, 3.0, 4.5, 6.0)
"""Channels at full size and at 1/2 to 1/16 of it, relative to the width."""
OUTPUT_LEVEL = 2
"""Level of the output: 1/4 of the size."""
HIGH_PASS_GAIN = 4.0
"""Factor on the difference from the local mean."""


class SynthesisDetector(nn.Module):
    """Images (N, 3, H, W) in [-1, 1], of any size, to logits (N, 1, ceil(H / 4), ceil(W / 4)), > 0 = synthesised.

    width  channels at full size, an even number from 4 to 256. Default: 16
    """

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        if not 4 <= width <= 256 or width % 2:
            raise ValueError(f"expected an even width from 4 to 256, found {width}")
        channels = [round(width * level) for level in LEVELS]
        self.first = convolution(6, channels[0])
        self.down = nn.ModuleList(
            nn.Sequential(convolution(inputs, outputs, 2), Block(outputs)) for inputs, outputs in pairwise(channels)
        )
        upwards = pairwise(reversed(channels[OUTPUT_LEVEL:]))
        self.merge = nn.ModuleList(Merge(coarse, fine) for coarse, fine in upwards)
        self.last = nn.Conv2d(channels[OUTPUT_LEVEL], 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        value = self.first(torch.cat([image, HIGH_PASS_GAIN * high_pass(image)], 1))
        levels = [value]
        for down in self.down:
            levels.append(down(levels[-1]))
        value = levels.pop()
        for merge in self.merge:
            value = merge(value, levels.pop())
        logits: Tensor = self.last(value)
        return logits


class Block(nn.Module):
    """Two convolutions whose output is added to the input (He 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = convolution(channels, channels)
        self.outer = convolution(channels, channels, activated=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.outer(self.inner(x)))


class Merge(nn.Module):
    """The coarse map, enlarged, added to the finer one."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(coarse, fine, 1, bias=False)
        self.block = Block(fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        enlarged = F.interpolate(self.project(coarse), fine.shape[-2:], mode="bilinear", align_corners=False)
        merged: Tensor = self.block(fine + enlarged)
        return merged


def convolution(inputs: int, outputs: int, stride: int = 1, *, activated: bool = True) -> nn.Sequential:
    """A convolution of 3 x 3 pixels and batch normalisation, and ReLU if it is activated."""
    layers = [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, nn.ReLU()) if activated else nn.Sequential(*layers)


def high_pass(image: Tensor) -> Tensor:
    """The image minus its mean over 3 x 3 pixels."""
    return image - F.avg_pool2d(image, 3, 1, 1, count_include_pad=False)
