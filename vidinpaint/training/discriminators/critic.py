"""Wasserstein critic of whole images: four strided convolutions and one linear layer, without normalisation.

Source: Yu 2018, Generative Image Inpainting with Contextual Attention, section 3 and the published settings: one critic
of images of 256 x 256 pixels, whose last maps are 16 x 16, and one of the surroundings of the mask, of half that side.
"""

from torch import Tensor, nn

from vidinpaint.training.discriminators.strided import strided


class Critic(nn.Module):
    """Images (N, channels, H, W) to scores (N, 1), which have no bounds.

    grid      rows and columns of the last maps: 16 for whole images in the paper, 8 for their parts
    width     channels of the first layer. Default: 64, as in the paper
    channels  Default: 3, colours
    """

    def __init__(self, grid: int, width: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.trunk = strided(channels, [width, 2 * width, 4 * width, 4 * width], grid)
        self.score = nn.Linear(4 * width * grid**2, 1)

    def forward(self, image: Tensor) -> Tensor:
        score: Tensor = self.score(self.trunk(image))
        return score
