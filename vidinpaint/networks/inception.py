"""The Inception network of FID: TensorFlow's of 2015, with the tensor names of torchvision's `inception_v3`.

It differs from torchvision's in its pooling: means leave out what lies beyond the border, and the last block takes the
maximum. Source: Szegedy et al. 2016, Rethinking the Inception architecture for computer vision; mseitzer/pytorch-fid.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIZE = 299
Convolution = tuple[str, int, int, int]
"""Name, channels, and height and width of the window."""
Branch = tuple[tuple[Convolution, ...], ...]
"""Steps one after the other; the convolutions of one step work on the same values, and their results are joined."""


class Inception(nn.Module):
    """Images (N, 3, H, W) in [-1, 1], which are scaled to 299 x 299, to features (N, 2048)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Unit(3, 32, 3, 3, stride=2, padded=False)
        self.Conv2d_2a_3x3 = Unit(32, 32, 3, 3, padded=False)
        self.Conv2d_2b_3x3 = Unit(32, 64, 3, 3)
        self.Conv2d_3b_1x1 = Unit(64, 80, 1, 1)
        self.Conv2d_4a_3x3 = Unit(80, 192, 3, 3, padded=False)
        self.Mixed_5b = Mixed(192, small_windows(), 32)
        self.Mixed_5c = Mixed(256, small_windows(), 64)
        self.Mixed_5d = Mixed(288, small_windows(), 64)
        self.Mixed_6a = Halving(288, FIRST_HALVING)
        self.Mixed_6b = Mixed(768, long_windows(128), 192)
        self.Mixed_6c = Mixed(768, long_windows(160), 192)
        self.Mixed_6d = Mixed(768, long_windows(160), 192)
        self.Mixed_6e = Mixed(768, long_windows(192), 192)
        self.Mixed_7a = Halving(768, SECOND_HALVING)
        self.Mixed_7b = Mixed(1280, split_windows(), 192)
        self.Mixed_7c = Mixed(2048, split_windows(), 192, maximum=True)

    def forward(self, image: Tensor) -> Tensor:
        value = F.interpolate(image, (SIZE, SIZE), mode="bilinear", align_corners=False)
        for name, layer in self.named_children():
            value = layer(value)
            if name in ("Conv2d_2b_3x3", "Conv2d_4a_3x3"):
                value = F.max_pool2d(value, 3, 2)
        return value.mean((2, 3))


def small_windows() -> tuple[Branch, ...]:
    """Figure 5 of the paper."""
    return (
        ((("branch1x1", 64, 1, 1),),),
        ((("branch5x5_1", 48, 1, 1),), (("branch5x5_2", 64, 5, 5),)),
        ((("branch3x3dbl_1", 64, 1, 1),), (("branch3x3dbl_2", 96, 3, 3),), (("branch3x3dbl_3", 96, 3, 3),)),
    )


def long_windows(inner: int) -> tuple[Branch, ...]:
    """Figure 6 of the paper; inner: channels within the branches."""
    double = ((inner, (1, 1)), (inner, (7, 1)), (inner, (1, 7)), (inner, (7, 1)), (192, (1, 7)))
    return (
        ((("branch1x1", 192, 1, 1),),),
        ((("branch7x7_1", inner, 1, 1),), (("branch7x7_2", inner, 1, 7),), (("branch7x7_3", 192, 7, 1),)),
        tuple(((f"branch7x7dbl_{n}", channels, *window),) for n, (channels, window) in enumerate(double, 1)),
    )


def split_windows() -> tuple[Branch, ...]:
    """Figure 7 of the paper."""
    return (
        ((("branch1x1", 320, 1, 1),),),
        ((("branch3x3_1", 384, 1, 1),), (("branch3x3_2a", 384, 1, 3), ("branch3x3_2b", 384, 3, 1))),
        (
            (("branch3x3dbl_1", 448, 1, 1),),
            (("branch3x3dbl_2", 384, 3, 3),),
            (("branch3x3dbl_3a", 384, 1, 3), ("branch3x3dbl_3b", 384, 3, 1)),
        ),
    )


FIRST_HALVING: tuple[Branch, ...] = (
    ((("branch3x3", 384, 3, 3),),),
    ((("branch3x3dbl_1", 64, 1, 1),), (("branch3x3dbl_2", 96, 3, 3),), (("branch3x3dbl_3", 96, 3, 3),)),
)
SECOND_HALVING: tuple[Branch, ...] = (
    ((("branch3x3_1", 192, 1, 1),), (("branch3x3_2", 320, 3, 3),)),
    (
        (("branch7x7x3_1", 192, 1, 1),),
        (("branch7x7x3_2", 192, 1, 7),),
        (("branch7x7x3_3", 192, 7, 1),),
        (("branch7x7x3_4", 192, 3, 3),),
    ),
)


class Unit(nn.Module):
    """A convolution, batch normalisation and ReLU. padded: with stride 1, the size stays."""

    def __init__(
        self, inputs: int, outputs: int, height: int, width: int, stride: int = 1, padded: bool = True
    ) -> None:
        super().__init__()
        margins = (height // 2, width // 2) if padded else 0
        self.conv = nn.Conv2d(inputs, outputs, (height, width), stride, margins, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Branches(nn.Module):
    """Branches over the same values. halves: the last convolution of each has stride 2 and no padding."""

    def __init__(self, inputs: int, branches: tuple[Branch, ...], halves: bool) -> None:
        super().__init__()
        self._branches = branches
        for branch in branches:
            channels = inputs
            for step in branch:
                last = halves and step is branch[-1]
                for name, outputs, height, width in step:
                    self.add_module(name, Unit(channels, outputs, height, width, 1 + last, padded=not last))
                channels = sum(outputs for _, outputs, _, _ in step)

    def results(self, x: Tensor) -> list[Tensor]:
        """The result of each branch."""
        values = []
        for branch in self._branches:
            value = x
            for step in branch:
                value = torch.cat([self.get_submodule(name)(value) for name, *_ in step], 1)
            values.append(value)
        return values


class Mixed(Branches):
    """Branches and a pooled one, of the same size; maximum: pooling takes the maximum and not the mean."""

    def __init__(self, inputs: int, branches: tuple[Branch, ...], pooled: int, maximum: bool = False) -> None:
        super().__init__(inputs, branches, halves=False)
        self._maximum = maximum
        self.branch_pool = Unit(inputs, pooled, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        pooled = F.max_pool2d(x, 3, 1, 1) if self._maximum else F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat([*self.results(x), self.branch_pool(pooled)], 1)


class Halving(Branches):
    """Branches and the maximum, at half the size."""

    def __init__(self, inputs: int, branches: tuple[Branch, ...]) -> None:
        super().__init__(inputs, branches, halves=True)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([*self.results(x), F.max_pool2d(x, 3, 2)], 1)
