"""Inpaints a window of frames together, by gated convolutions over space and time.

Down to a quarter of the size, convolutions over three frames, dilated in space for a large receptive field, and up
again with skip connections. It uses known pixels only: the start under the mask is its own smooth interpolation of each
frame, and its output is added to that. Values are normalised by the mean and the standard deviation of the known pixels
of the window, so that results do not depend on brightness and contrast, and constant clips stay constant.

Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN, section 3 (learned
gates, dilation in the middle). The smooth start, the skip connections and windows of one frame at full size are ours,
to keep it small.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from vidinpaint.networks.gated_conv3d import GatedConv3d
from vidinpaint.networks.smooth_start import smooth_start

EPSILON = 1e-3  # added to the standard deviation


class GatedGenerator3d(nn.Module):
    """Called `network(frames, masks)`: frames float (N, 3, T, H, W) in [-1, 1], masks (N, 1, T, H, W), 1 = inpaint.

    Returns frames (N, 3, T, H, W) inpainted, known pixels unchanged. H and W are multiples of `multiple`, T is free.
    Values of the frames under the masks are ignored.

    width   channels at full size, 4 to 256. Default: 12
    """

    multiple = 4

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        if not 4 <= width <= 256:
            raise ValueError(f"expected a width of 4 to 256, found {width}")
        self.width = width
        self.at_full = GatedConv3d(4, width, 5, frames=1)
        self.at_half = nn.Sequential(GatedConv3d(width, 2 * width, stride=2), GatedConv3d(2 * width, 2 * width))
        self.at_quarter = nn.Sequential(
            GatedConv3d(2 * width, 4 * width, stride=2),
            *(GatedConv3d(4 * width, 4 * width, dilation=dilation) for dilation in (1, 2, 4, 8)),
            GatedConv3d(4 * width, 4 * width),
        )
        self.back_half = GatedConv3d(6 * width, 2 * width)
        self.back_full = GatedConv3d(3 * width, width, frames=1)
        self.colours = nn.Conv3d(width, 3, (1, 3, 3), padding=(0, 1, 1))
        nn.init.zeros_(self.colours.weight)  # initially the network returns the start
        nn.init.zeros_(self.colours.bias)  # type: ignore[arg-type]

    def forward(self, frames: Tensor, masks: Tensor) -> Tensor:
        mean, deviation = _level(frames, masks)
        start = _start(frames - mean, masks)
        full = self.at_full(torch.cat([start / (deviation + EPSILON), masks], 1))
        half = self.at_half(full)
        quarter = self.at_quarter(half)
        half = self.back_half(torch.cat([_doubled(quarter), half], 1))
        full = self.back_full(torch.cat([_doubled(half), full], 1))
        return torch.where(masks > 0, mean + start + deviation * self.colours(full), frames)


def _level(frames: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (N, 3, 1, 1, 1) and standard deviation over all colours (N, 1, 1, 1, 1) of the known pixels of a window."""
    known = (masks == 0).expand_as(frames)
    count = known.sum((2, 3, 4), keepdim=True).clamp(min=1)
    mean = torch.where(known, frames, 0).sum((2, 3, 4), keepdim=True) / count
    variance = torch.where(known, frames - mean, 0).square().sum((2, 3, 4), keepdim=True) / count
    return mean, variance.mean(1, keepdim=True).sqrt()


def _start(frames: Tensor, masks: Tensor) -> Tensor:
    """The smooth start of each frame."""
    number, _, count = frames.shape[:3]
    flat = (value.transpose(1, 2).flatten(0, 1) for value in (frames, masks))
    start: Tensor = smooth_start(*flat).unflatten(0, (number, count))
    return start.transpose(1, 2)


def _doubled(x: Tensor) -> Tensor:
    """Doubles the size in space by repeating pixels."""
    return interpolate(x, scale_factor=(1.0, 2.0, 2.0), mode="nearest")
