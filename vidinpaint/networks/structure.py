"""The structure network: large shapes first, by Fourier units that see the whole image, then finer from size to size.

At the coarsest size the network adds to a smooth interpolation under the mask; at each finer size the same network adds
to its own enlarged result. So one small network that was trained on small images serves large ones. Sources: Suvorov
2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, section 2.1 (Fourier units); Burt and Adelson
1983 (the pyramid).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.smooth_start import smooth_start

COARSEST = 64
"""Longest side of the coarsest size, in pixels, within a factor of the square root of 2."""
MIN_KNOWN = 0.5
"""Part of the known area that must still be known at half the size; scattered masks leave nothing of it."""
GROUPS = 8
"""Groups of channels that are normalised together (Wu and He 2018, Group Normalization)."""
GAIN = 1.7
"""Standard deviation of the input of SiLU over that of its output, for normal values."""


class Structure(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] and masks (N, 1, H, W), 1 = inpaint, to images (N, 3, H, W).

    width   channels at full size, four times as many at a quarter of it: 4 to 256, a multiple of 4. Default: 32
    blocks  residual blocks at a quarter of the size. Default: 8
    """

    multiple = 1

    def __init__(self, width: int = 32, blocks: int = 8) -> None:
        super().__init__()
        if not 4 <= width <= 256 or width % 4 or not 1 <= blocks <= 64:
            raise ValueError(
                f"expected a width of 4 to 256, a multiple of 4, and 1 to 64 blocks, found {width} and {blocks}"
            )
        self.first = _initialised(nn.Conv2d(4, width, 5, padding=2))
        self.down = nn.ModuleList([_down(width), _down(2 * width)])
        self.blocks = nn.Sequential(*(Block(4 * width) for _ in range(blocks)))
        self.up = nn.ModuleList([_conv(4 * width, 2 * width), _conv(2 * width, width)])
        self.last = nn.Conv2d(width, 3, 3, padding=1)
        nn.init.zeros_(self.last.weight)  # initially the network returns its start
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The image with its mask inpainted; values of the image under the mask have no influence."""
        return self.sizes(image, mask)[-1]

    def sizes(self, image: Tensor, mask: Tensor) -> list[Tensor]:
        """The results at all sizes, each half as large as the next. No gradient runs between them."""
        images, masks = [image], [mask]
        while max(images[0].shape[-2:]) > COARSEST * 2**0.5:
            coarser = F.max_pool2d(masks[0], 2, ceil_mode=True)
            if float((1 - coarser).mean()) < MIN_KNOWN * float((1 - masks[0]).mean()):
                break
            images.insert(0, halved(images[0]))
            masks.insert(0, coarser)
        start = smooth_start(images[0], masks[0])
        results: list[Tensor] = []
        for image, mask in zip(images, masks):
            if results:
                start = torch.where(mask > 0, _doubled(results[-1].detach(), image), image)
            results.append(torch.where(mask > 0, self._refined(start, mask), image))
        return results

    def _refined(self, start: Tensor, mask: Tensor) -> Tensor:
        """The start, improved at one size."""
        height, width = start.shape[-2:]
        margins = (0, max(8 - width, -width % 4), 0, max(8 - height, -height % 4))
        padded = F.pad(torch.cat([start, mask], 1), margins, mode="replicate")
        full = F.silu(self.first(padded))
        half = F.silu(self.down[0](full))
        value = self.blocks(F.silu(self.down[1](half)))
        value = F.silu(self.up[0](F.interpolate(value, scale_factor=2))) + half
        value = F.silu(self.up[1](F.interpolate(value, scale_factor=2))) + full
        added: Tensor = self.last(value)[..., :height, :width]
        return start + added.float()


class Block(nn.Module):
    """A residual block: two convolutions of 3 x 3 pixels, and beside the second one a Fourier unit."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.first, self.second = _conv(channels, channels), _conv(channels, channels)
        self.fourier = FourierUnit(channels)
        for last in (self.second, self.fourier.last):  # initially a block changes nothing
            nn.init.zeros_(last.weight)

    def forward(self, x: Tensor) -> Tensor:
        value = F.silu(self.first(self.norm(x)))
        added: Tensor = self.second(value) + self.fourier(value)
        return x + added


class FourierUnit(nn.Module):
    """A pointwise convolution of the spectrum of half of the channels: each output sees the whole image.

    The channels are normalised first: the lowest frequency of positive values would outweigh all others.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels // 2, 1)
        self.norm = nn.GroupNorm(channels // 2, channels // 2)
        self.spectrum = _initialised(nn.Conv2d(channels, channels, 1))
        self.last = nn.Conv2d(channels // 2, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        value = self.norm(self.first(x)).float()
        frequencies = torch.fft.rfft2(value, norm="ortho")
        parts = F.silu(self.spectrum(torch.cat([frequencies.real, frequencies.imag], 1))).float()
        real, imaginary = parts.chunk(2, 1)
        value = torch.fft.irfft2(torch.complex(real, imaginary), s=value.shape[-2:], norm="ortho")
        return self.last(value)  # type: ignore[no-any-return]


def halved(image: Tensor) -> Tensor:
    """Means of 2 x 2 pixels, of fewer at odd ends."""
    return F.avg_pool2d(image, 2, ceil_mode=True, count_include_pad=False)


def _doubled(image: Tensor, like: Tensor) -> Tensor:
    """The image enlarged to twice its size, cut to that of another."""
    doubled = F.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
    return doubled[..., : like.shape[-2], : like.shape[-1]]


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return _initialised(nn.Conv2d(inputs, outputs, 3, padding=1))


def _down(inputs: int) -> nn.Conv2d:
    return _initialised(nn.Conv2d(inputs, 2 * inputs, 3, stride=2, padding=1))


def _initialised(layer: nn.Conv2d) -> nn.Conv2d:
    """The layer with weights that keep the variance of its input through SiLU (He 2015, equation 10)."""
    nn.init.normal_(layer.weight, 0, GAIN / layer.weight[0].numel() ** 0.5)
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer
