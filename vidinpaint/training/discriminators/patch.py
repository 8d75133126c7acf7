"""PatchGAN: a score for every 70 x 70 patch, with the features of each layer for feature matching.

Source: Isola 2017, Image-to-Image Translation with Conditional Adversarial Networks, section 3.2.2; with spectral norm
as in Nazeri 2019, EdgeConnect, section 3; with batch normalisation as in Wang 2018, High-Resolution Image Synthesis
with Conditional GANs (pix2pixHD).
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

MAX_TIMES = 8
"""Greatest number of channels, times `width`."""


class Patch(nn.Module):
    """Images (N, channels, H, W) to scores (N, 1, about H / 8, W / 8); `features` returns the map of each layer.

    width    channels of the first layer, 64 in the papers
    strided  layers that halve the size. Default: 3; 4 in LaMa: a score for about 16 x 16 pixels, from 142 x 142
    batch    batch normalisation instead of spectral norm, and borders of 2 pixels instead of 1, as in pix2pixHD
    """

    def __init__(self, channels: int = 3, width: int = 64, strided: int = 3, batch: bool = False) -> None:
        super().__init__()
        padding, last = 1 + batch, min(2**strided, MAX_TIMES) * width

        def convolution(inputs: int, outputs: int, stride: int) -> nn.Module:
            layer = nn.Conv2d(inputs, outputs, 4, stride, padding)
            return layer if batch else spectral_norm(layer)

        steps: list[nn.Module] = []
        for index in range(strided + 1):
            outputs = min(2**index, MAX_TIMES) * width
            norms = [nn.BatchNorm2d(outputs)] if batch and index else []
            layer = convolution(channels, outputs, 2 if index < strided else 1)
            steps.append(nn.Sequential(layer, *norms, nn.LeakyReLU(0.2)))
            channels = outputs
        self.steps = nn.ModuleList(steps)
        self.score = convolution(last, 1, 1)

    def features(self, image: Tensor) -> list[Tensor]:
        """The map of each layer, the scores last."""
        maps = []
        for step in self.steps:
            image = step(image)
            maps.append(image)
        return [*maps, self.score(image)]

    def forward(self, image: Tensor) -> Tensor:
        return self.features(image)[-1]
