"""DeepFill v1's generator: a coarse result, then a refined one of two branches, one of them contextual attention.

Source: Yu et al. 2018, Generative Image Inpainting with Contextual Attention, sections 3 and 4. Names and function of
the modules are those of daa233/generative-inpainting-pytorch, whose files load (`vidinpaint.weights.published`).
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.contextual_attention import ContextualAttention

DILATIONS = {7: 2, 8: 4, 9: 8, 10: 16}
"""Of the layers `conv7_atrous` to `conv10_atrous`."""


class AttentionGenerator(nn.Module):
    """Coarse and refined inpainting, at all pixels.

    width   channels at full size, an even number of 2 to 256. Default: 32, as published
    """

    multiple = 8

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        if not 2 <= width <= 256 or width % 2:
            raise ValueError(f"expected an even width of 2 to 256, found {width}")
        self.width = width
        self.coarse_generator = Coarse(width)
        self.fine_generator = Fine(width)

    def forward(self, image: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The coarse and the refined image, (N, 3, H, W) each, in [-1, 1]; image 0 under the mask; see `networks`."""
        coarse = self.coarse_generator(image, mask)
        return coarse, self.fine_generator(torch.where(mask > 0, coarse, image), mask)


class Convolution(nn.Module):
    """A convolution and its activation; zero outside the image."""

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1, *,
        activation: Callable[[Tensor], Tensor] = F.elu,
    ) -> None:  # fmt: skip
        super().__init__()
        self.activation = activation
        self.conv = nn.Conv2d(inputs, outputs, size, stride, dilation * (size // 2), dilation)
        nn.init.normal_(self.conv.weight, 0, (1.5 / (inputs * size**2)) ** 0.5)  # ELU preserves the variance with this
        nn.init.zeros_(self.conv.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.conv(x))


class Colours(nn.Module):
    """The last layer: a convolution to three colours, limited to [-1, 1]."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).clamp(-1, 1)  # type: ignore[no-any-return]


class Stage(nn.Module):
    """What both stages share: branches that go down to a quarter of the size, and the way up."""

    def add(self, name: str, inputs: int, outputs: int, *args: int) -> None:
        """Add a convolution under its published name."""
        self.add_module(name, Convolution(inputs, outputs, *args))

    def add_dilated(self, width: int) -> None:
        """Add the four dilated convolutions, which see far."""
        for number, dilation in DILATIONS.items():
            self.add(f"conv{number}_atrous", 4 * width, 4 * width, 3, 1, dilation)

    def add_way_up(self, prefix: str, inputs: int, width: int) -> None:
        """Add layers 11 to 17: two at a quarter, two at half and three at full size."""
        channels = [inputs, 4 * width, 4 * width, 2 * width, 2 * width, width, width // 2]
        for number, (before, after) in enumerate(pairwise(channels), 11):
            self.add(f"{prefix}{number}", before, after)
        self.add_module(f"{prefix}17", Colours(width // 2))

    def run(self, x: Tensor, *names: str) -> Tensor:
        """x through these layers."""
        for name in names:
            x = self.get_submodule(name)(x)
        return x

    def up(self, x: Tensor, prefix: str) -> Tensor:
        """x through layers 11 to 17, doubling the size twice by repeating pixels."""
        x = F.interpolate(self.run(x, f"{prefix}11", f"{prefix}12"), scale_factor=2)
        x = F.interpolate(self.run(x, f"{prefix}13", f"{prefix}14"), scale_factor=2)
        return self.run(x, f"{prefix}15", f"{prefix}16", f"{prefix}17")

    def dilated(self, x: Tensor) -> Tensor:
        """x through the branch of dilated convolutions, down to a quarter of the size."""
        down = ("conv1", "conv2_downsample", "conv3", "conv4_downsample", "conv5", "conv6")
        return self.run(x, *down, *(f"conv{number}_atrous" for number in DILATIONS))


class Coarse(Stage):
    """The first stage: dilated convolutions at a quarter of the size."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.add("conv1", 5, width, 5)
        self.add("conv2_downsample", width, 2 * width, 3, 2)
        self.add("conv3", 2 * width, 2 * width)
        self.add("conv4_downsample", 2 * width, 4 * width, 3, 2)
        self.add("conv5", 4 * width, 4 * width)
        self.add("conv6", 4 * width, 4 * width)
        self.add_dilated(width)
        self.add_way_up("conv", 4 * width, width)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return self.up(self.dilated(with_border_and_mask(image, mask)), "conv")


class Fine(Stage):
    """The second stage: a branch of dilated convolutions and one of contextual attention, then up together."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.add("conv1", 5, width, 5)
        self.add("conv2_downsample", width, width, 3, 2)
        self.add("conv3", width, 2 * width)
        self.add("conv4_downsample", 2 * width, 2 * width, 3, 2)
        self.add("conv5", 2 * width, 4 * width)
        self.add("conv6", 4 * width, 4 * width)
        self.add_dilated(width)

        self.add("pmconv1", 5, width, 5)
        self.add("pmconv2_downsample", width, width, 3, 2)
        self.add("pmconv3", width, 2 * width)
        self.add("pmconv4_downsample", 2 * width, 4 * width, 3, 2)
        self.add("pmconv5", 4 * width, 4 * width)
        self.pmconv6 = Convolution(4 * width, 4 * width, activation=F.relu)
        self.attention = ContextualAttention(added=1e-4)
        self.add("pmconv9", 4 * width, 4 * width)
        self.add("pmconv10", 4 * width, 4 * width)
        self.add_way_up("allconv", 8 * width, width)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        x = with_border_and_mask(image, mask)
        matched = self.run(x, "pmconv1", "pmconv2_downsample", "pmconv3", "pmconv4_downsample", "pmconv5", "pmconv6")
        attended = self.run(self.attention(matched, mask), "pmconv9", "pmconv10")
        return self.up(torch.cat([self.dilated(x), attended], 1), "allconv")


def with_border_and_mask(image: Tensor, mask: Tensor) -> Tensor:
    """(N, 5, H, W): with a channel of ones, by which layers see the border of the image, and the mask."""
    return torch.cat([image, torch.ones_like(mask), mask], 1)
