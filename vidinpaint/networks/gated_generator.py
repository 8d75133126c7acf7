"""DeepFill v2's generator: a coarse result, then a refined one of two branches, one of them contextual attention.

Source: Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution. Names and function of the modules are those
of nipponjo/deepfillv2-pytorch, whose files load (`vidinpaint.weights.published`).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.contextual_attention import ContextualAttention
from vidinpaint.networks.gated_conv import GatedConv, GatedDown, GatedUp, ToColours


class GatedGenerator(nn.Module):
    """Coarse and refined inpainting.

    width       twice the channels at full size: a multiple of 4, 8 to 512. Default: 48, as published
    sketch      whether there is an input channel for lines that the result shall follow. Default: False
    residual    whether the output is added to the start. Default: False
    tensorflow  whether padding, downscaling and attention are those of the published TensorFlow model. Default: False
    """

    multiple = 8

    def __init__(self, width: int = 48, sketch: bool = False, residual: bool = False, tensorflow: bool = False) -> None:
        super().__init__()
        if not 8 <= width <= 512 or width % 4:
            raise ValueError(f"expected a width of 8 to 512 that is a multiple of 4, found {width}")
        self.width, self.sketch, self.residual, self.tensorflow = width, sketch, residual, tensorflow
        self.stage1 = Coarse(5 + sketch, width, late=tensorflow)
        self.stage2 = Refined(width, late=tensorflow)
        if residual:  # initially the network returns the start
            nn.init.zeros_(self.stage1.conv_to_rgb.conv.weight)
            nn.init.zeros_(self.stage2.conv_to_rgb.conv.weight)

    def forward(self, image: Tensor, mask: Tensor, sketch: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The coarse and the refined image, (N, 3, H, W) each, at all pixels; see `networks`.

        sketch  float (N, 1, H, W), 1 = a line; ignored outside the mask. Default: no lines
        """
        channels = [image, torch.ones_like(mask), mask]
        if self.sketch:
            channels.append(torch.zeros_like(mask) if sketch is None else sketch * mask)
        start = image if self.residual else 0
        coarse = start + self.stage1(torch.cat(channels, 1))
        refined = start + self.stage2(torch.where(mask > 0, coarse, image), mask)
        return coarse, refined


class Coarse(nn.Module):
    """The first stage: down to a quarter of the size, dilated convolutions with a large receptive field, and up."""

    def __init__(self, inputs: int, width: int, late: bool) -> None:
        super().__init__()
        self.conv1 = GatedConv(inputs, width // 2, 5)
        self.down_block1 = GatedDown(width // 2, width, width, late)
        self.down_block2 = GatedDown(width, 2 * width, 2 * width, late)
        self.conv_bn1 = GatedConv(2 * width, 2 * width)
        self.conv_bn2 = GatedConv(2 * width, 2 * width, dilation=2)
        self.conv_bn3 = GatedConv(2 * width, 2 * width, dilation=4)
        self.conv_bn4 = GatedConv(2 * width, 2 * width, dilation=8)
        self.conv_bn5 = GatedConv(2 * width, 2 * width, dilation=16)
        self.conv_bn6 = GatedConv(2 * width, 2 * width)
        self.conv_bn7 = GatedConv(2 * width, 2 * width)
        self.up_block1 = GatedUp(2 * width, width, width)
        self.up_block2 = GatedUp(width, width // 2, width // 4)
        self.conv_to_rgb = ToColours(width // 4)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = layer(x)
        return x


class Refined(nn.Module):
    """The second stage: a branch of dilated convolutions and one of contextual attention, then up together."""

    def __init__(self, width: int, late: bool) -> None:
        super().__init__()
        self.conv_conv1 = GatedConv(3, width // 2, 5)
        self.conv_down_block1 = GatedDown(width // 2, width // 2, width, late)
        self.conv_down_block2 = GatedDown(width, width, 2 * width, late)
        self.conv_conv_bn1 = GatedConv(2 * width, 2 * width)
        self.conv_conv_bn2 = GatedConv(2 * width, 2 * width, dilation=2)
        self.conv_conv_bn3 = GatedConv(2 * width, 2 * width, dilation=4)
        self.conv_conv_bn4 = GatedConv(2 * width, 2 * width, dilation=8)
        self.conv_conv_bn5 = GatedConv(2 * width, 2 * width, dilation=16)

        self.ca_conv1 = GatedConv(3, width // 2, 5)
        self.ca_down_block1 = GatedDown(width // 2, width // 2, width, late)
        self.ca_down_block2 = GatedDown(width, 2 * width, 2 * width, late)
        self.ca_conv_bn1 = GatedConv(2 * width, 2 * width, activation=F.relu)
        self.contextual_attention = ContextualAttention(propagate=not late, corners=late)
        self.ca_conv_bn4 = GatedConv(2 * width, 2 * width)
        self.ca_conv_bn5 = GatedConv(2 * width, 2 * width)

        self.conv_bn6 = GatedConv(4 * width, 2 * width)
        self.conv_bn7 = GatedConv(2 * width, 2 * width)
        self.up_block1 = GatedUp(2 * width, width, width)
        self.up_block2 = GatedUp(width, width // 2, width // 4)
        self.conv_to_rgb = ToColours(width // 4)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        dilated = self.conv_down_block2(self.conv_down_block1(self.conv_conv1(x)))
        for number in range(1, 6):
            dilated = self.get_submodule(f"conv_conv_bn{number}")(dilated)
        attended = self.ca_conv_bn1(self.ca_down_block2(self.ca_down_block1(self.ca_conv1(x))))
        attended = self.ca_conv_bn5(self.ca_conv_bn4(self.contextual_attention(attended, mask)))
        x = self.conv_bn7(self.conv_bn6(torch.cat([dilated, attended], 1)))
        return self.conv_to_rgb(self.up_block2(self.up_block1(x)))  # type: ignore[no-any-return]
