"""Temporal PatchGAN: a score for each patch of space and time, so that flicker counts.

Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN, section 3: six 3D
convolutions with spectral norm, strides in space only.
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS = (1, 2, 4, 4, 4, 4)


class TemporalPatch(nn.Module):
    """Windows with their masks (N, channels, T, H, W) to scores (N, 4 width, T, H / 64, W / 64), rounded up.

    channels   3 colours and the mask
    width      channels of the first layer, 64 in the paper
    layers     number of strided layers, 6 in the paper; fewer for small windows
    """

    def __init__(self, channels: int = 4, width: int = 64, layers: int = 6) -> None:
        super().__init__()
        steps: list[nn.Module] = []
        for times in WIDTHS[:layers]:
            steps += [
                spectral_norm(nn.Conv3d(channels, times * width, (3, 5, 5), (1, 2, 2), (1, 2, 2))),
                nn.LeakyReLU(0.2),
            ]
            channels = times * width
        self.layers = nn.Sequential(*steps[:-1])

    def forward(self, window: Tensor) -> Tensor:
        scores: Tensor = self.layers(window)
        return scores
