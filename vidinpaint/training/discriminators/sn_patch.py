"""SN-PatchGAN: a score for each patch, for masks of any shape.

Six strided convolutions with spectral norm; each value of the last map is the score of its receptive field.
Source: Yu 2019, Free-Form Image Inpainting with Gated Convolution, section 3.2.
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS = (1, 2, 4, 4, 4, 4)
"""Channels of the layers, times `width`."""


class SNPatch(nn.Module):
    """Images with their masks (N, channels, H, W) to scores (N, 4 width, H / 64, W / 64), rounded up.

    channels   3 colours and the mask; 5 with a sketch
    width      channels of the first layer, 64 in the paper
    """

    def __init__(self, channels: int = 4, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index, times in enumerate(WIDTHS):
            layers.append(spectral_norm(nn.Conv2d(channels, times * width, 5, stride=2, padding=2)))
            if index < len(WIDTHS) - 1:
                layers.append(nn.LeakyReLU(0.2))
            channels = times * width
        self.layers = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> Tensor:
        scores: Tensor = self.layers(image)
        return scores
