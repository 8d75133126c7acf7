"""Gated convolution: features times gates between 0 and 1, both learned for each pixel.

    out = elu(W_f * x) . sigmoid(W_g * x)

Both convolutions are one with twice the channels: features first, then gates. Source: Yu et al. 2019, Free-Form Image
Inpainting with Gated Convolution, section 3.1, equation 3.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class GatedConv(nn.Module):
    """A gated convolution that keeps the size, or halves it with stride 2.

    dilation    distance of the taps of the window, in pixels
    late        pad even sizes at stride 2 at the end only, as TensorFlow does. Default: False
    """

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1, *,
        activation: Callable[[Tensor], Tensor] = F.elu, late: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.late = late and stride == 2
        self.activation = activation
        padding = 0 if self.late else dilation * (size - 1) // 2
        self.conv = nn.Conv2d(inputs, 2 * outputs, size, stride, padding, dilation)
        with torch.no_grad():  # half-open gates and ELU reduce the variance; this preserves it
            features, gates = self.conv.weight.chunk(2)
            window = inputs * size**2
            features.normal_(0, (6 / window) ** 0.5)
            gates.normal_(0, (1 / window) ** 0.5)
        nn.init.zeros_(self.conv.bias)  # type: ignore[arg-type]

    def features_and_gates(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Both (N, outputs, h, w); the gates are in [0, 1]."""
        both = self.conv(F.pad(x, (0, 1, 0, 1)) if self.late else x)
        features, gates = both.chunk(2, 1)
        return self.activation(features), torch.sigmoid(gates)

    def forward(self, x: Tensor) -> Tensor:
        features, gates = self.features_and_gates(x)
        return features * gates


class GatedUpConv(nn.Module):
    """Doubles the size by repeating pixels, then a gated convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = GatedConv(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2))  # type: ignore[no-any-return]


class GatedDown(nn.Module):
    """Two gated convolutions; the first one halves the size."""

    def __init__(self, inputs: int, inner: int, outputs: int, late: bool) -> None:
        super().__init__()
        self.conv1_downsample = GatedConv(inputs, inner, stride=2, late=late)
        self.conv2 = GatedConv(inner, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1_downsample(x))  # type: ignore[no-any-return]


class GatedUp(nn.Module):
    """Two gated convolutions; the first one doubles the size."""

    def __init__(self, inputs: int, inner: int, outputs: int) -> None:
        super().__init__()
        self.conv1_upsample = GatedUpConv(inputs, inner)
        self.conv2 = GatedConv(inner, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1_upsample(x))  # type: ignore[no-any-return]


class ToColours(nn.Module):
    """A plain convolution to RGB in [-1, 1]."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, 3, 3, padding=1)
        nn.init.zeros_(self.conv.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.conv(x))
