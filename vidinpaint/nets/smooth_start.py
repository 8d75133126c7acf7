"""A smooth fill made by torch: for nets that make their own start out of what is known.

Known pixels are averaged down a pyramid; on the way up every level is filled from the coarser one and relaxed towards
Laplace's equation, as in `vidinpaint.laplace`, but less exactly.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

SWEEPS, OMEGA = 8, 1.6
"""Relaxations of every level, and how far they overshoot (Young 1954)."""


def smooth_start(image: Tensor, hole: Tensor) -> Tensor:
    """image (N, C, H, W) with the hole (N, 1, H, W), 1 = paint, filled smoothly; zero where nothing is known.

    What image holds under the hole is not seen, not even NaN.
    """
    known = torch.where(hole > 0, 0, image)
    if min(image.shape[-2:]) < 2 or not bool((hole > 0).any()):
        return known
    share = avg_pool2d(1 - hole, 2, ceil_mode=True, count_include_pad=False)
    mean = avg_pool2d(known, 2, ceil_mode=True, count_include_pad=False) / share.clamp(min=1e-6)
    half = smooth_start(mean, (share == 0).to(hole))
    size = [2 * side for side in half.shape[-2:]]
    guess = interpolate(half, size, mode="bilinear", align_corners=False)[..., : image.shape[-2], : image.shape[-1]]
    return _relaxed(torch.where(hole > 0, guess, known), hole > 0)


def _relaxed(filled: Tensor, hole: Tensor) -> Tensor:
    """Towards the mean of the four neighbours under the hole, and beyond it; black squares, then white ones."""
    y, x = (torch.arange(side, device=filled.device) for side in filled.shape[-2:])
    white = (y[:, None] + x) % 2 == 0
    for sweep in range(2 * SWEEPS):
        around = pad(filled, (1, 1, 1, 1), mode="replicate")
        across, down = around[..., 1:-1, :-2] + around[..., 1:-1, 2:], around[..., :-2, 1:-1] + around[..., 2:, 1:-1]
        nearer = torch.lerp(filled, (across + down) / 4, OMEGA)
        filled = torch.where(hole & (white if sweep % 2 else ~white), nearer, filled)
    return filled
