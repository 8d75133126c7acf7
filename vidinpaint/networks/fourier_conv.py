"""Fast Fourier convolutions: local channels see their surroundings, global channels the whole image at once.

A convolution of the spectrum of an image is a product at each frequency: one layer that connects every pixel with every
other, at any size of image. Source: Chi 2020, Fast Fourier Convolution; as used by Suvorov 2022, Resolution-robust
Large Mask Inpainting with Fourier Convolutions, section 2.1.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Maps = tuple[Tensor, Tensor | None]
"""Local channels (N, C, H, W) and global channels (N, G, H, W), None: there are none."""


class FourierBlock(nn.Module):
    """A residual block of two Fourier convolutions of 3 x 3 pixels, with local and global channels."""

    def __init__(self, channels: int, ratio: float) -> None:
        super().__init__()
        self.conv1, self.conv2 = (NormedFourierConv(channels, channels, 3, ratio, ratio) for _ in range(2))

    def forward(self, maps: Maps) -> Maps:
        local, whole = self.conv2(self.conv1(maps))
        return maps[0] + local, maps[1] + whole


class NormedFourierConv(nn.Module):
    """A Fourier convolution, batch normalisation and ReLU. For its arguments see `FourierConv`."""

    def __init__(
        self, inputs: int, outputs: int, size: int, ratio_in: float = 0, ratio_out: float = 0, stride: int = 1
    ) -> None:
        super().__init__()
        self.ffc = FourierConv(inputs, outputs, size, ratio_in, ratio_out, stride)
        whole = int(outputs * ratio_out)
        self.bn_l = nn.BatchNorm2d(outputs - whole)
        self.bn_g = nn.BatchNorm2d(whole) if whole else nn.Identity()

    def forward(self, maps: Maps) -> Maps:
        local, whole = self.ffc(maps)
        return F.relu(self.bn_l(local)), None if whole is None else F.relu(self.bn_g(whole))


class FourierConv(nn.Module):
    """Convolutions between local and global channels, and a spectral transform from global to global ones.

    inputs, outputs      number of all channels
    size, stride         side of the kernels, and their step, in pixels
    ratio_in, ratio_out  part of the channels that is global, 0 to less than 1; inputs have global ones only if outputs
                         have
    """

    def __init__(
        self, inputs: int, outputs: int, size: int, ratio_in: float = 0, ratio_out: float = 0, stride: int = 1
    ) -> None:
        super().__init__()
        whole_in, whole_out = int(inputs * ratio_in), int(outputs * ratio_out)

        def conv(channels_in: int, channels_out: int) -> nn.Conv2d:
            return nn.Conv2d(
                channels_in, channels_out, size, stride, padding=size // 2, padding_mode="reflect", bias=False
            )

        self.convl2l = conv(inputs - whole_in, outputs - whole_out)
        self.convl2g = conv(inputs - whole_in, whole_out) if whole_out else None
        self.convg2l = conv(whole_in, outputs - whole_out) if whole_in else None
        self.convg2g = SpectralTransform(whole_in, whole_out) if whole_in else None

    def forward(self, maps: Maps) -> Maps:
        local, whole = maps
        to_local = self.convl2l(local)
        to_whole = None if self.convl2g is None else self.convl2g(local)
        if self.convg2l is not None and self.convg2g is not None:
            to_local, to_whole = to_local + self.convg2l(whole), to_whole + self.convg2g(whole)
        return to_local, to_whole


class SpectralTransform(nn.Module):
    """Global channels to global channels (N, outputs, H, W), through a Fourier unit with half as many channels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        half = outputs // 2
        self.conv1 = nn.Sequential(nn.Conv2d(inputs, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU())
        self.fu = FourierUnit(half)
        self.conv2 = nn.Conv2d(half, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.conv2(x + self.fu(x))
        return x


class FourierUnit(nn.Module):
    """A pointwise convolution, batch normalisation and ReLU of the spectrum; each output sees the whole image.

    The real and the imaginary part of a channel are two neighbouring channels of the convolution.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_layer = nn.Conv2d(2 * channels, 2 * channels, 1, bias=False)
        self.bn = nn.BatchNorm2d(2 * channels)

    def forward(self, x: Tensor) -> Tensor:
        parts = torch.view_as_real(torch.fft.rfft2(_full(x), norm="ortho"))  # (N, C, H, W / 2 + 1, 2)
        spectrum = parts.permute(0, 1, 4, 2, 3).flatten(1, 2)
        spectrum = _full(F.relu(self.bn(self.conv_layer(spectrum))))
        parts = spectrum.unflatten(1, (-1, 2)).permute(0, 1, 3, 4, 2).contiguous()
        output: Tensor = torch.fft.irfft2(torch.view_as_complex(parts), s=x.shape[-2:], norm="ortho")
        return output


def _full(x: Tensor) -> Tensor:
    """At least single precision: there is no Fourier transform of bfloat16."""
    return x.float() if x.dtype.itemsize < torch.float32.itemsize else x
