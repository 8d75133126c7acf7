"""Smooth interpolation under a mask in torch, for networks that compute their own start.

Known pixels are averaged down a pyramid; upwards each level is interpolated from the coarser one and relaxed towards
Laplace's equation, as in `vidinpaint.numerics.laplace`, but less accurately.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

SWEEPS, OMEGA = 8, 1.6
"""Relaxations per level, and their over-relaxation factor (Young 1954)."""


def smooth_start(image: Tensor, mask: Tensor) -> Tensor:
    """The image (N, C, H, W), interpolated under the mask (N, 1, H, W), 1 = inpaint; zero if nothing is known.

    Values of the image under the mask are ignored, even NaN.
    """
    known = torch.where(mask > 0, 0, image)
    if min(image.shape[-2:]) < 2 or not bool((mask > 0).any()):
        return known
    fraction = avg_pool2d(1 - mask, 2, ceil_mode=True, count_include_pad=False)
    mean = avg_pool2d(known, 2, ceil_mode=True, count_include_pad=False) / fraction.clamp(min=1e-6)
    half = smooth_start(mean, (fraction == 0).to(mask))
    size = [2 * side for side in half.shape[-2:]]
    guess = interpolate(half, size, mode="bilinear", align_corners=False)[..., : image.shape[-2], : image.shape[-1]]
    return _relaxed(torch.where(mask > 0, guess, known), mask > 0)


def _relaxed(image: Tensor, mask: Tensor) -> Tensor:
    """The image under the mask moved to the mean of the four neighbours and beyond, in checkerboard order."""
    y, x = (torch.arange(side, device=image.device) for side in image.shape[-2:])
    white = (y[:, None] + x) % 2 == 0
    for sweep in range(2 * SWEEPS):
        around = pad(image, (1, 1, 1, 1), mode="replicate")
        across, down = around[..., 1:-1, :-2] + around[..., 1:-1, 2:], around[..., :-2, 1:-1] + around[..., 2:, 1:-1]
        relaxed = torch.lerp(image, (across + down) / 4, OMEGA)
        image = torch.where(mask & (white if sweep % 2 else ~white), relaxed, image)
    return image
