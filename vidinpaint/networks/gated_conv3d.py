"""Gated convolution over space and time: features of a 3D convolution times gates between 0 and 1.

    out = leaky_relu(W_f * x) . sigmoid(W_g * x)

The border of the frames is padded with zeros; the first and the last frame are repeated, so that a static clip gets the
same result in each frame. Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal
PatchGAN, section 3.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu


class GatedConv3d(nn.Module):
    """A gated convolution (N, C, T, H, W) -> (N, C', T, h, w) that keeps T; stride 2 halves H and W.

    size       side of the window in space, odd
    frames     length of the window in time, 1 or 3
    stride     in space
    dilation   in space, distance of the taps of the window in pixels
    """

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, frames: int = 3, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.frames = frames
        padding = dilation * (size // 2)
        self.conv = nn.Conv3d(
            inputs,
            2 * outputs,
            (frames, size, size),
            (1, stride, stride),
            (0, padding, padding),
            (1, dilation, dilation),
        )
        window = inputs * frames * size**2
        with torch.no_grad():  # half-open gates reduce the variance; this preserves it
            features, gates = self.conv.weight.chunk(2)
            features.normal_(0, (7 / window) ** 0.5)
            gates.normal_(0, (1 / window) ** 0.5)
            self.conv.bias.zero_()  # type: ignore[union-attr]

    def features_and_gates(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Both (N, C', T, h, w); the gates are in [0, 1]."""
        if self.frames == 3:
            x = torch.cat([x[:, :, :1], x, x[:, :, -1:]], 2)
        features, gates = self.conv(x).chunk(2, 1)
        return leaky_relu(features, 0.2), torch.sigmoid(gates)

    def forward(self, x: Tensor) -> Tensor:
        features, gates = self.features_and_gates(x)
        return features * gates
