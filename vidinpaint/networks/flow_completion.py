"""A small network that completes optical flow under masks, over a window of frames at once.

After the flow completion networks of Xu et al. 2019 (Deep Flow-Guided Video Inpainting, section 3.1) and Li et al. 2022
(E2FGVI, section 3.2), but much smaller: it works on a coarse grid, on flow without the motion of the camera, and adds
to the smooth interpolation of the flow.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MIN_SPEED = 0.25  # pixels per frame, added to the mean speed so that nearly static windows are not amplified


class FlowCompletion(nn.Module):
    """Velocity under masks from the velocity around them in space and time.

    width   channels at the full size of the grid, 8 to 128. Default: 16
    """

    multiple = 4

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        if not 8 <= width <= 128:
            raise ValueError(f"expected a width of 8 to 128, found {width}")
        wide, widest = 2 * width, 3 * width
        self.enter = nn.Sequential(_spatial(6, width), nn.SiLU(), _spatial(width, width), nn.SiLU())
        self.down1 = nn.Sequential(_spatial(width, wide, stride=2), nn.SiLU(), _Block(wide))
        self.down2 = nn.Sequential(
            _spatial(wide, widest, stride=2),
            nn.SiLU(),
            _Block(widest),
            _Block(widest, 2),
            _Block(widest, 4),
            _Block(widest),
        )
        self.up1 = nn.Sequential(_spatial(widest + wide, wide), nn.SiLU(), _Block(wide))
        self.up0 = nn.Sequential(_spatial(wide + width, width), nn.SiLU(), _spatial(width, width), nn.SiLU())
        self.leave = nn.Conv3d(width, 2, 1)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)  # initially the network adds nothing

    def forward(self, to_next: Tensor, from_previous: Tensor, unknown: Tensor, mask: Tensor) -> Tensor:
        """Velocity float (N, 2, T, H, W), equal to `to_next` where known.

        to_next        float (N, 2, T, H, W): to the next frame, smoothly interpolated where unknown
        from_previous  from the previous frame, likewise
        unknown        float (N, 1, T, H, W), 1 = to be completed: the masks and the unreliable flow around them
        mask           float (N, 1, T, H, W), 1 = inpaint
        H and W of the coarse grid are multiples of `multiple`; velocities in pixels per frame, relative to the camera.
        """
        known = 1 - unknown
        total = (to_next.square() * known).sum((1, 2, 3, 4), keepdim=True)
        power = total / known.sum((1, 2, 3, 4), keepdim=True).clamp(min=1)
        scale = power.sqrt() + MIN_SPEED
        x = self.enter(torch.cat([to_next / scale, from_previous / scale, unknown, mask], 1))
        half = self.down1(x)
        quarter = self.down2(half)
        half = self.up1(torch.cat([_doubled(quarter), half], 1))
        full = self.up0(torch.cat([_doubled(half), x], 1))
        added: Tensor = scale * self.leave(full)
        return to_next + unknown * added


class _Block(nn.Module):
    """Two convolutions over space and time with a skip connection."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        dilations = (1, dilation, dilation)
        self.first = nn.Conv3d(channels, channels, 3, padding=dilations, dilation=dilations)
        self.second = nn.Conv3d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.second(F.silu(self.first(F.silu(x))))
        return x + added


def _spatial(inputs: int, outputs: int, stride: int = 1) -> nn.Conv3d:
    """A convolution over space only."""
    return nn.Conv3d(inputs, outputs, (1, 3, 3), (1, stride, stride), (0, 1, 1))


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=(1, 2, 2))
