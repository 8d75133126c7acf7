"""PatchGAN: a score for every 70 x 70 patch, with its features on the way for feature matching.

Source: Isola 2017, Image-to-Image Translation with Conditional Adversarial Networks, section 3.2.2; with spectral norm
as in Nazeri 2019, EdgeConnect, section 3.
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS, STRIDES = (1, 2, 4, 8), (2, 2, 2, 1)


class Patch(nn.Module):
    """Pictures (N, channels, H, W) to scores (N, 1, about H / 8, W / 8); `features` gives every layer's map.

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
        self.judge = spectral_norm(nn.Conv2d(channels, 1, 4, padding=1))

    def features(self, picture: Tensor) -> list[Tensor]:
        """The map of every layer, the scores last."""
        maps = []
        for step in self.steps:
            picture = step(picture)
            maps.append(picture)
        return [*maps, self.judge(picture)]

    def forward(self, picture: Tensor) -> Tensor:
        return self.features(picture)[-1]
