"""The generator of EdgeConnect: down twice, dilated residual blocks, up twice, with instance normalisation.

Source: Nazeri et al. 2019, EdgeConnect: Generative Image Inpainting with Adversarial Edge Learning, section 3.1, after
Johnson 2016, Perceptual Losses for Real-Time Style Transfer. Names and function of the modules are those of
knazeri/edge-connect, whose files load (`vidinpaint.weights.published`).
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

DILATION = 2  # of the first convolution of a block: a block sees more without being larger


class DilatedResnet(nn.Module):
    """Maps (N, inputs, H, W) to maps (N, outputs, H, W), H and W multiples of `multiple`.

    width         channels at full size, four times as many at a quarter of it: 4 to 256. Default: 64, as published
    blocks        residual blocks, 1 to 64. Default: 8, as published
    spectral      whether the layers before the last are normalised by their greatest singular value, for training
    block_biases  whether the convolutions of the blocks have biases
    """

    multiple = 16  # a quarter of it is padded by its mirror image, which has to be shorter than it

    def __init__(
        self, inputs: int, outputs: int, width: int, blocks: int, *, spectral: bool = False, block_biases: bool = True
    ) -> None:
        super().__init__()
        if not (4 <= width <= 256 and 1 <= blocks <= 64):
            raise ValueError(f"expected width 4 to 256 and 1 to 64 blocks, found {width} and {blocks}")
        self.encoder = nn.Sequential(
            nn.ReflectionPad2d(3), nn.Conv2d(inputs, width, 7), *_normalised(width),
            nn.Conv2d(width, 2 * width, 4, 2, 1), *_normalised(2 * width),
            nn.Conv2d(2 * width, 4 * width, 4, 2, 1), *_normalised(4 * width),
        )  # fmt: skip
        self.middle = nn.Sequential(*(Block(4 * width, block_biases) for _ in range(blocks)))
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1), *_normalised(2 * width),
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1), *_normalised(width),
            nn.ReflectionPad2d(3), nn.Conv2d(width, outputs, 7),
        )  # fmt: skip
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(module.weight, 0, 0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
                if spectral and module is not self.decoder[-1]:
                    spectral_norm(module)

    def raw(self, x: Tensor) -> Tensor:
        """The maps before the last nonlinearity."""
        maps: Tensor = self.decoder(self.middle(self.encoder(x)))
        return maps.float()


class Block(nn.Module):
    """A residual block without a nonlinearity at its end."""

    def __init__(self, channels: int, biases: bool) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(DILATION), nn.Conv2d(channels, channels, 3, dilation=DILATION, bias=biases),
            *_normalised(channels),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=biases), nn.InstanceNorm2d(channels),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.conv_block(x)
        return x + added


def _normalised(channels: int) -> tuple[nn.Module, nn.Module]:
    """The instance normalisation and the nonlinearity after a convolution."""
    return nn.InstanceNorm2d(channels), nn.ReLU()
