"""A small network that completes motion under masks, over a window of frames at once.

After the flow completion networks of Xu et al. 2019 (Deep Flow-Guided Video Inpainting, section 3.1) and Li et al. 2022
(E2FGVI, section 3.2), much smaller: it works on a coarse grid, on motion from which the camera's is already taken, and
only adds to a smooth fill of it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

QUIET = 0.25  # pixels a frame that are added to how much moves, so that rest is not magnified


class FlowCompletion(nn.Module):
    """Velocity under masks from the velocity around them, before and after.

    width   channels at full size of the grid; 8 to 128
    """

    multiple = 4

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        if not 8 <= width <= 128:
            raise ValueError(f"expected a width of 8 to 128, found {width}")
        wide, widest = 2 * width, 3 * width
        self.enter = nn.Sequential(_flat(6, width), nn.SiLU(), _flat(width, width), nn.SiLU())
        self.down1 = nn.Sequential(_flat(width, wide, stride=2), nn.SiLU(), _Block(wide))
        self.down2 = nn.Sequential(
            _flat(wide, widest, stride=2),
            nn.SiLU(),
            _Block(widest),
            _Block(widest, 2),
            _Block(widest, 4),
            _Block(widest),
        )
        self.up1 = nn.Sequential(_flat(widest + wide, wide), nn.SiLU(), _Block(wide))
        self.up0 = nn.Sequential(_flat(wide + width, width), nn.SiLU(), _flat(width, width), nn.SiLU())
        self.leave = nn.Conv3d(width, 2, 1)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)  # begins as the smooth fill

    def forward(self, leaving: Tensor, coming: Tensor, unknown: Tensor, mask: Tensor) -> Tensor:
        """Velocity float (N, 2, T, H, W), as `leaving` where known.

        leaving   float (N, 2, T, H, W): to the next frame, smoothly inpainted where unknown; coming: from the one
                  before
        unknown   float (N, 1, T, H, W), 1 = to be completed: the masks, and what they spoil
        mask      float (N, 1, T, H, W), 1 = nothing is seen
        H and W multiples of `multiple`; of a coarse grid; velocities in pixels a frame, relative to the camera's.
        """
        known = 1 - unknown
        power = (leaving.square() * known).sum((1, 2, 3, 4), keepdim=True) / known.sum(
            (1, 2, 3, 4), keepdim=True
        ).clamp(min=1)
        scale = power.sqrt() + QUIET
        x = self.enter(torch.cat([leaving / scale, coming / scale, unknown, mask], 1))
        half = self.down1(x)
        quarter = self.down2(half)
        half = self.up1(torch.cat([_enlarged(quarter), half], 1))
        full = self.up0(torch.cat([_enlarged(half), x], 1))
        added: Tensor = scale * self.leave(full)
        return leaving + unknown * added


class _Block(nn.Module):
    """Two convolutions over space and time beside the identity."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        apart = (1, dilation, dilation)
        self.first = nn.Conv3d(channels, channels, 3, padding=apart, dilation=apart)
        self.second = nn.Conv3d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.second(F.silu(self.first(F.silu(x))))
        return x + added


def _flat(inputs: int, outputs: int, stride: int = 1) -> nn.Conv3d:
    """A convolution over space alone."""
    return nn.Conv3d(inputs, outputs, (1, 3, 3), (1, stride, stride), (0, 1, 1))


def _enlarged(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=(1, 2, 2))
