"""LaMa: residual blocks of fast Fourier convolutions at an eighth of the size.

Each block sees the whole image, so the network continues periodic structures across wide masks, and works at sizes far
beyond those it was trained with. Its layers have the numbers of the published files. Source: Suvorov 2022,
Resolution-robust Large Mask Inpainting with Fourier Convolutions, section 2.1 and appendix.
"""

import torch
from torch import Tensor, nn

from vidinpaint.networks.fourier_conv import FourierBlock, Maps, NormedFourierConv


class Lama(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] and masks (N, 1, H, W), 1 = inpaint, to images (N, 3, H, W) in (-1, 1).

    H and W are multiples of `multiple` and at least twice as much. Values of the image under the mask have no
    influence; the known pixels of the result are only near those of the image.

    width     channels at full size, twice as many after each halving: 4 to 128. Default: 64, as published
    blocks    residual blocks. Default: 18, as in Big LaMa; 9 in LaMa-Fourier
    halvings  how often the size is halved before the blocks: 1 to 3. Default: 3
    ratio     part of the blocks' channels that is global: more than 0, less than 1. Default: 0.75
    """

    def __init__(self, width: int = 64, blocks: int = 18, halvings: int = 3, ratio: float = 0.75) -> None:
        super().__init__()
        if not 4 <= width <= 128 or not 1 <= blocks <= 64 or not 1 <= halvings <= 3:
            found = f"{width}, {blocks} and {halvings}"
            raise ValueError(f"expected a width of 4 to 128, 1 to 64 blocks and 1 to 3 halvings, found {found}")
        inner = width << halvings
        if not 2 <= int(inner * ratio) < inner:
            raise ValueError(f"expected a ratio with local and two global channels of {inner}, found {ratio}")
        self.multiple = 1 << halvings
        down = [
            NormedFourierConv(width << i, width << i + 1, 3, ratio_out=ratio if i == halvings - 1 else 0, stride=2)
            for i in range(halvings)
        ]
        up = [layer for i in reversed(range(halvings)) for layer in _doubling(width << i + 1, width << i)]
        self.model = nn.Sequential(
            _LocalOnly(),
            NormedFourierConv(4, width, 7),
            *down,
            *(FourierBlock(inner, ratio) for _ in range(blocks)),
            _Joined(),
            *up,
            nn.ReflectionPad2d(3),
            nn.Conv2d(width, 3, 7),
            nn.Sigmoid(),
        )

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The image with its mask inpainted."""
        known = (image + 1) / 2 * (1 - mask)
        output: Tensor = self.model(torch.cat([known, mask], 1))
        return 2 * output - 1


def _doubling(inputs: int, outputs: int) -> list[nn.Module]:
    transposed = nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1)
    return [transposed, nn.BatchNorm2d(outputs), nn.ReLU()]


class _LocalOnly(nn.Module):
    """An image as local channels, without global ones."""

    def forward(self, image: Tensor) -> Maps:
        return image, None


class _Joined(nn.Module):
    """Local and global channels as one tensor."""

    def forward(self, maps: Maps) -> Tensor:
        return torch.cat([part for part in maps if part is not None], 1)
