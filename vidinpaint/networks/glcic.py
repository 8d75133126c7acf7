"""GLCIC's completion network: dilated convolutions at a quarter of the size, which see 307 pixels across.

All layers are convolutions, so the image may have any size. Source: Iizuka et al. 2017, Globally and Locally Consistent
Image Completion, section 3.2 and table 2. Names and function of the layers are those of otenim/GLCIC-PyTorch, whose
files load (`vidinpaint.weights.published`): each layer is followed by ReLU and then by batch normalisation.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CELEBA_MEAN = (0.5062325495504219, 0.4255871700324652, 0.38299278586700136)
"""Red, green and blue that the published network is given for unknown pixels: the mean of its photos."""
DILATIONS = (1, 1, 2, 4, 8, 16, 1, 1)
"""Of the layers 5 to 12, at a quarter of the size."""
LAST = 17


class Glcic(nn.Module):
    """Iizuka's completion network.

    width  channels of the first layer: an even number from 2 to 256. Default: 64, as published
    mean   red, green and blue, 0 to 1, of unknown pixels. Default: those of the published network
    """

    multiple = 4

    def __init__(self, width: int = 64, mean: Sequence[float] = CELEBA_MEAN) -> None:
        super().__init__()
        if not 2 <= width <= 256 or width % 2:
            raise ValueError(f"expected an even width from 2 to 256, found {width}")
        if len(mean) != 3 or not all(0 <= value <= 1 for value in mean):
            raise ValueError(f"expected three mean colours from 0 to 1, found {list(mean)}")
        self.mean = tuple(mean)
        self.conv1 = nn.Conv2d(4, width, 5, padding=2)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, 2, 1)
        self.conv3 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.conv4 = nn.Conv2d(2 * width, 4 * width, 3, 2, 1)
        for number, dilation in enumerate(DILATIONS, 5):
            layer = nn.Conv2d(4 * width, 4 * width, 3, padding=dilation, dilation=dilation)
            self.add_module(f"conv{number}", layer)
        self.deconv13 = nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1)
        self.conv14 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.deconv15 = nn.ConvTranspose2d(2 * width, width, 4, 2, 1)
        self.conv16 = nn.Conv2d(width, width // 2, 3, padding=1)
        self.conv17 = nn.Conv2d(width // 2, 3, 3, padding=1)
        for number in range(1, LAST):
            bias = self.get_parameter(f"{_name(number)}.bias")
            self.add_module(f"bn{number}", nn.BatchNorm2d(len(bias)))

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The inpainted image, in (-1, 1) at all pixels, of use under the mask only; see `vidinpaint.networks`.

        The values of the image under the mask have no influence.
        """
        mean = image.new_tensor(self.mean)[:, None, None]
        known = (image + 1) / 2 * (1 - mask) + mean * mask
        x = torch.cat([known, mask], 1)
        for number in range(1, LAST):
            x = self.get_submodule(f"bn{number}")(F.relu(self.get_submodule(_name(number))(x)))
        return 2 * torch.sigmoid(self.conv17(x)) - 1


def _name(number: int) -> str:
    """The name of a layer: two of them double the size."""
    return f"deconv{number}" if number in (13, 15) else f"conv{number}"
