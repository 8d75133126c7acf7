"""PatchGAN: a score for every 70 x 70 patch, with the features of each layer for feature matching.

Source: Isola 2017, Image-to-Image Translation with Conditional Adversarial Networks, section 3.2.2; with spectral norm
as in Nazeri 2019, EdgeConnect, section 3.
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS, STRIDES = (1, 2, 4, 8), (2, 2, 2, 1)


class Patch(nn.Module):
    """Images (N, channels, H, W) to scores (N, 1, about H / 8, W / 8); `features` returns the map of each layer.

    width   channels of the first layer, 64 in the papers
    """

    def __init__(self, channels: int = 3, width: int = 64) -> None:
        super().__init__()
        steps: list[nn.Module] = []
        for times, stride in zip(WIDTHS, STRIDES):
            convolution = spectral_norm(nn.Conv2d(channels, times * width, 4, stride=stride, padding=1))
            steps.append(nn.Sequential(convolution, nn.LeakyReLU(0.2)))
            channels = times * width
        self.steps = nn.ModuleList(steps)
        self.score = spectral_norm(nn.Conv2d(channels, 1, 4, padding=1))

    def features(self, image: Tensor) -> list[Tensor]:
        """The map of each layer, the scores last."""
        maps = []
        for step in self.steps:
            image = step(image)
            maps.append(image)
        return [*maps, self.score(image)]

    def forward(self, image: Tensor) -> Tensor:
        return self.features(image)[-1]
