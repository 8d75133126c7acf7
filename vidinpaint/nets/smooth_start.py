"""A smooth fill made by torch: for nets that make their own start out of what is known.

Known pixels are averaged down a pyramid; on the way up every level is filled from the coarser one and relaxed towards
Laplace's equation, as in `vidinpaint.laplace`, but less exactly.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

SWEEPS = 8
"""Relaxations of every level."""


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
    filled = torch.where(hole > 0, guess, known)
    for _ in range(SWEEPS):
        around = pad(filled, (1, 1, 1, 1), mode="replicate")
        across, down = around[..., 1:-1, :-2] + around[..., 1:-1, 2:], around[..., :-2, 1:-1] + around[..., 2:, 1:-1]
        filled = torch.where(hole > 0, (across + down) / 4, filled)
    return filled
