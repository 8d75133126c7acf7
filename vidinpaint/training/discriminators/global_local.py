"""A discriminator of the whole image and one of the surroundings of the mask, joined to one score.

Source: Iizuka 2017, Globally and Locally Consistent Image Completion, section 3.3 and table 3: six and five strided
convolutions, at 256 and 128 pixels to 4 x 4 maps, each to 1024 numbers, and one last layer over both.
"""

import torch
from torch import Tensor, nn

from vidinpaint.training.discriminators.strided import strided

GRID = 4


class GlobalLocal(nn.Module):
    """Images (N, channels, H, W) and their part around the mask (N, channels, h, w) to scores (N, 1).

    width     channels of the first layer. Default: 64, as in the paper
    channels  Default: 3, colours
    """

    def __init__(self, width: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.whole = _vector(width, strided(channels, _widths(width, 6), GRID, normalised=True))
        self.part = _vector(width, strided(channels, _widths(width, 5), GRID, normalised=True))
        self.score = nn.Linear(32 * width, 1)

    def forward(self, image: Tensor, local: Tensor) -> Tensor:
        score: Tensor = self.score(torch.cat([self.whole(image), self.part(local)], 1))
        return score


def around(images: Tensor, mask: Tensor, size: int) -> Tensor:
    """The size x size part of each image (N, C, H, W) around the centre of its mask (N, 1, H, W), moved inside."""
    height, width = images.shape[-2:]
    parts = []
    for image, image_mask in zip(images, mask[:, 0] > 0):
        ys, xs = torch.nonzero(image_mask, as_tuple=True)
        y, x = ((int(v.min()) + int(v.max()) + 1 - size) // 2 if len(v) else 0 for v in (ys, xs))
        y, x = max(0, min(y, height - size)), max(0, min(x, width - size))
        parts.append(image[:, y : y + size, x : x + size])
    return torch.stack(parts)


def _widths(width: int, layers: int) -> list[int]:
    return [width * min(8, 1 << layer) for layer in range(layers)]


def _vector(width: int, trunk: nn.Sequential) -> nn.Sequential:
    return nn.Sequential(trunk, nn.Linear(8 * width * GRID**2, 16 * width), nn.ReLU())
