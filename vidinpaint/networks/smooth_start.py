"""A smooth fill made by torch: for networks that make their own start out of what is known.

Known pixels are averaged down a pyramid; on the way up every level is inpainted from the coarser one and relaxed
towards Laplace's equation, as in `vidinpaint.numerics.laplace`, but less exactly.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

SWEEPS, OMEGA = 8, 1.6
"""Relaxations of every level, and how far they overshoot (Young 1954)."""


def smooth_start(image: Tensor, mask: Tensor) -> Tensor:
    """image (N, C, H, W) with the mask (N, 1, H, W), 1 = inpaint, inpainted smoothly; zero where nothing is known.

    What image holds under the mask is not seen, not even NaN.
    """
    known = torch.where(mask > 0, 0, image)
    if min(image.shape[-2:]) < 2 or not bool((mask > 0).any()):
        return known
    share = avg_pool2d(1 - mask, 2, ceil_mode=True, count_include_pad=False)
    mean = avg_pool2d(known, 2, ceil_mode=True, count_include_pad=False) / share.clamp(min=1e-6)
    half = smooth_start(mean, (share == 0).to(mask))
    size = [2 * side for side in half.shape[-2:]]
    guess = interpolate(half, size, mode="bilinear", align_corners=False)[..., : image.shape[-2], : image.shape[-1]]
    return _relaxed(torch.where(mask > 0, guess, known), mask > 0)


def _relaxed(inpainted: Tensor, mask: Tensor) -> Tensor:
    """Towards the mean of the four neighbours under the mask, and beyond it; black squares, then white ones."""
    y, x = (torch.arange(side, device=inpainted.device) for side in inpainted.shape[-2:])
    white = (y[:, None] + x) % 2 == 0
    for sweep in range(2 * SWEEPS):
        around = pad(inpainted, (1, 1, 1, 1), mode="replicate")
        across, down = around[..., 1:-1, :-2] + around[..., 1:-1, 2:], around[..., :-2, 1:-1] + around[..., 2:, 1:-1]
        nearer = torch.lerp(inpainted, (across + down) / 4, OMEGA)
        inpainted = torch.where(mask & (white if sweep % 2 else ~white), nearer, inpainted)
    return inpainted
