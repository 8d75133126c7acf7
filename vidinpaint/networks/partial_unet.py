"""U-Net of partial convolutions: down to where everything is known, and up again beside what was seen on the way.

Source: Liu et al. 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.2 and table 4.
Names and function of the modules are those of naoto0804/pytorch-inpainting-with-partial-conv, whose files load
(`vidinpaint.weights.published`).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.partial_conv import PartialConv

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, which inputs are normalised with
SIZES = (7, 5, 5)  # windows of the first layers; 3 from then on
WIDEST = 8  # times the width is the most channels


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
    """Liu's generator. Batch normalisation of the encoder is frozen with `freeze` for the second phase of training.

    width     channels of the first layer, 4 to 1024; published: 64
    depth     how often the size is downscaled, 3 to 8; published: 7
    residual  add what is made to the start under the mask instead of replacing it; the convolutions never see the start
    """

    def __init__(self, width: int = 64, depth: int = 7, residual: bool = False) -> None:
        super().__init__()
        if not (4 <= width <= 1024 and 3 <= depth <= 8):
            raise ValueError(f"expected width 4 to 1024 and depth 3 to 8, found {width} and {depth}")
        self.width, self.depth, self.residual = width, depth, residual
        self.multiple = 2**depth
        channels = [3, *(width * min(2**level, WIDEST) for level in range(depth))]
        for level in range(1, depth + 1):
            size = SIZES[level - 1] if level <= len(SIZES) else 3
            down = Layer(channels[level - 1], channels[level], size, 2, nn.ReLU(), normalised=level > 1)
            up = Layer(
                channels[level] + channels[level - 1], channels[level - 1], 3, 1,
                nn.LeakyReLU(0.2) if level > 1 else nn.Identity(), normalised=level > 1, last=level == 1,
            )  # fmt: skip
            self.add_module(f"enc_{level}", down)
            self.add_module(f"dec_{level}", up)
        if residual:  # begins as the start itself
            nn.init.zeros_(self.get_parameter("dec_1.conv.input_conv.weight"))

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The inpainted image (N, 3, H, W), nearly in [-1, 1]; see `vidinpaint.networks`."""
        mean, deviation = (image.new_tensor(values)[:, None, None] for values in (MEAN, DEVIATION))
        known = (1 - mask).expand_as(image)
        made = self.raw(((image + 1) / 2 - mean) / deviation, known) * deviation
        return image + 2 * made if self.residual else 2 * (made + mean) - 1

    def raw(self, x: Tensor, known: Tensor) -> Tensor:
        """The published network: x (N, 3, H, W) normalised with ImageNet's mean and deviation, known 1 or 0 likewise."""
        seen = [(x, known)]
        for level in range(1, self.depth + 1):
            seen.append(self.get_submodule(f"enc_{level}")(*seen[-1]))
        x, known = seen.pop()
        for level in range(self.depth, 0, -1):
            beside, known_beside = seen.pop()
            x = torch.cat([F.interpolate(x, scale_factor=2), beside], 1)
            known = F.interpolate(known, scale_factor=2).expand(-1, x.shape[1] - beside.shape[1], -1, -1)
            known = torch.cat([known, known_beside.expand_as(beside)], 1)
            x, known = self.get_submodule(f"dec_{level}")(x, known)
        return x

    def freeze(self) -> None:
        """Stop the encoder's batch normalisation from learning; holds until the next `train()`."""
        for level in range(1, self.depth + 1):
            self.get_submodule(f"enc_{level}.bn").eval()
