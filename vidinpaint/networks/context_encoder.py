"""Context encoder: the centre of an image of 128 x 128 pixels, synthesised from its surroundings at once.

Source: Pathak et al. 2016, Context Encoders: Feature Learning by Inpainting, sections 3.1 (the channel-wise fully
connected layer) and 3.2, and the supplementary material on the architecture for centres. Names and function of the
modules are those of BoyuanJiang/context_encoder_pytorch, whose files load (`vidinpaint.weights.published`).
"""

import torch
from torch import Tensor, nn

SIDE, CENTRE = 128, 64
"""Sides of the input, and of its centre that is synthesised."""
OVERLAP = 4
"""Known pixels on each side of the centre, which are synthesised too so that the result fits its surroundings."""
MEAN_COLOUR = (117 / 255, 104 / 255, 123 / 255)
"""Red, green and blue that the published network is given for unknown pixels."""


class ContextEncoder(nn.Module):
    """Pathak's generator for images (N, 3, 128, 128).

    width       channels of the first layer, 4 to 256. Default: 64, as published
    bottleneck  channels of the layer of 1 x 1 pixel, at most 16384; 0: the channel-wise fully connected layer of 4 x 4
                pixels and a convolution across channels instead. Default: 4000, as published
    """

    multiple = SIDE

    def __init__(self, width: int = 64, bottleneck: int = 4000) -> None:
        super().__init__()
        if not (4 <= width <= 256 and 0 <= bottleneck <= 16384):
            raise ValueError(f"expected width 4 to 256 and bottleneck 0 to 16384, found {width} and {bottleneck}")
        channels = 8 * width
        self.main = nn.Sequential(
            *_down(3, width, normalised=False), *_down(width, width), *_down(width, 2 * width),
            *_down(2 * width, 4 * width), *_down(4 * width, channels),
            *(_through_a_point(channels, bottleneck) if bottleneck else _channelwise(channels)),
            *_up(channels, 4 * width), *_up(4 * width, 2 * width), *_up(2 * width, width),
            nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh(),
        )  # fmt: skip
        for module in self.main:
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(module.weight, 0, 0.02)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The image with a synthesised centre; see `vidinpaint.networks`. H and W are 128.

        The masked part is always the same, `hidden_part`, so the network is not given the mask: what is masked has to
        lie inside. Pixels outside the centre stay as they are.
        """
        margin = (SIDE - CENTRE) // 2
        inside = slice(margin, margin + CENTRE)
        result = image.clone()
        result[..., inside, inside] = self.centre(image).to(image.dtype)
        return result

    def centre(self, image: Tensor) -> Tensor:
        """The centre (N, 3, 64, 64) in [-1, 1] from the image (N, 3, 128, 128) in [-1, 1] around it."""
        hidden = hidden_part()
        context = image.clone()
        context[..., hidden, hidden] = image.new_tensor(MEAN_COLOUR)[:, None, None] * 2 - 1
        centre: Tensor = self.main(context)
        return centre


class ChannelwiseLinear(nn.Module):
    """A fully connected layer for each channel: every pixel sees all pixels of its channel, and of no other.

    Maps (N, channels, side, side) to maps of the same shape, with side^4 weights per channel instead of the
    channels^2 side^4 of a fully connected layer. Source: Pathak 2016, section 3.1.
    """

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels, side**2, side**2))
        self.bias = nn.Parameter(torch.zeros(channels, side**2))
        nn.init.normal_(self.weight, 0, 1 / side)

    def forward(self, x: Tensor) -> Tensor:
        mixed = torch.einsum("nci,coi->nco", x.flatten(2), self.weight) + self.bias
        return mixed.reshape(x.shape)


def hidden_part() -> slice:
    """Rows, and columns, of the input that the network does not see."""
    margin = (SIDE - CENTRE) // 2 + OVERLAP
    return slice(margin, SIDE - margin)


def _down(inputs: int, outputs: int, *, normalised: bool = True) -> list[nn.Module]:
    """A convolution that halves the size."""
    normalisation = [nn.BatchNorm2d(outputs)] if normalised else []
    return [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), *normalisation, nn.LeakyReLU(0.2)]


def _up(inputs: int, outputs: int, stride: int = 2, padding: int = 1) -> list[nn.Module]:
    """An up-convolution: to twice the size, or from one pixel to 4 x 4."""
    return [nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def _through_a_point(channels: int, bottleneck: int) -> list[nn.Module]:
    """A convolution from 4 x 4 pixels to one, and the first of five up-convolutions back."""
    convolution = nn.Conv2d(channels, bottleneck, 4, bias=False)
    return [convolution, nn.BatchNorm2d(bottleneck), nn.LeakyReLU(0.2), *_up(bottleneck, channels, 1, 0)]


def _channelwise(channels: int) -> list[nn.Module]:
    """The channel-wise layer at 4 x 4 pixels, and a convolution of stride 1 that mixes the channels."""
    mix = nn.Conv2d(channels, channels, 1, bias=False)
    return [ChannelwiseLinear(channels, SIDE // 32), nn.ReLU(), mix, nn.BatchNorm2d(channels), nn.ReLU()]
