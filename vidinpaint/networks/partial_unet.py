"""U-Net of partial convolutions: down until all is known, and up again with skip connections.

Source: Liu et al. 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.2 and table 4.
Names and function of the modules are those of naoto0804/pytorch-inpainting-with-partial-conv, whose files load
(`vidinpaint.weights.published`).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.partial_conv import PartialConv

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, for the normalisation of inputs
SIZES = (7, 5, 5)  # sides of the windows of the first layers; 3 in all others
MAX_MULTIPLIER = 8  # of the width


class Layer(nn.Module):
    """Partial convolution, batch normalisation, activation."""

    def __init__(
        self, inputs: int, outputs: int, size: int, stride: int, activation: nn.Module, *, last: bool = False,
        normalised: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.conv = PartialConv(inputs, outputs, size, stride, bias=last)
        self.bn = nn.BatchNorm2d(outputs) if normalised else nn.Identity()
        self.activation = activation

    def forward(self, x: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        x, known = self.conv(x, known)
        return self.activation(self.bn(x)), known


class PartialUnet(nn.Module):
    """Liu's generator; `freeze` freezes the encoder's batch normalisation for the second phase of training.

    width     channels of the first layer, 4 to 1024. Default: 64, as published
    depth     number of times that the size is halved, 3 to 8. Default: 7, as published
    residual  whether the output is added to the start, which the convolutions ignore. Default: False
    """

    def __init__(self, width: int = 64, depth: int = 7, residual: bool = False) -> None:
        super().__init__()
        if not (4 <= width <= 1024 and 3 <= depth <= 8):
            raise ValueError(f"expected width 4 to 1024 and depth 3 to 8, found {width} and {depth}")
        self.width, self.depth, self.residual = width, depth, residual
        self.multiple = 2**depth
        channels = [3, *(width * min(2**level, MAX_MULTIPLIER) for level in range(depth))]
        for level in range(1, depth + 1):
            size = SIZES[level - 1] if level <= len(SIZES) else 3
            down = Layer(channels[level - 1], channels[level], size, 2, nn.ReLU(), normalised=level > 1)
            up = Layer(
                channels[level] + channels[level - 1], channels[level - 1], 3, 1,
                nn.LeakyReLU(0.2) if level > 1 else nn.Identity(), normalised=level > 1, last=level == 1,
            )  # fmt: skip
            self.add_module(f"enc_{level}", down)
            self.add_module(f"dec_{level}", up)
        if residual:  # initially the network returns the start
            nn.init.zeros_(self.get_parameter("dec_1.conv.input_conv.weight"))

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The inpainted image (N, 3, H, W), approximately in [-1, 1]; see `vidinpaint.networks`."""
        mean, deviation = (image.new_tensor(values)[:, None, None] for values in (MEAN, DEVIATION))
        known = (1 - mask).expand_as(image)
        output = self.raw(((image + 1) / 2 - mean) / deviation, known) * deviation
        return image + 2 * output if self.residual else 2 * (output + mean) - 1

    def raw(self, x: Tensor, known: Tensor) -> Tensor:
        """The published network: x (N, 3, H, W) normalised by ImageNet's statistics, known of its shape, 1 or 0."""
        skipped = [(x, known)]
        for level in range(1, self.depth + 1):
            skipped.append(self.get_submodule(f"enc_{level}")(*skipped[-1]))
        x, known = skipped.pop()
        for level in range(self.depth, 0, -1):
            skip, known_skip = skipped.pop()
            x = torch.cat([F.interpolate(x, scale_factor=2), skip], 1)
            known = F.interpolate(known, scale_factor=2).expand(-1, x.shape[1] - skip.shape[1], -1, -1)
            known = torch.cat([known, known_skip.expand_as(skip)], 1)
            x, known = self.get_submodule(f"dec_{level}")(x, known)
        return x

    def freeze(self) -> None:
        """Freeze the statistics of the encoder's batch normalisation until the next `train()`."""
        for level in range(1, self.depth + 1):
            self.get_submodule(f"enc_{level}.bn").eval()
