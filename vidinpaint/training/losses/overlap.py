"""L2 of a synthesised centre, which weighs more where it overlaps the known pixels around it.

Source: Pathak 2016, Context Encoders, section 4 (the overlap), and equation 1 (L2).
"""

import torch
from torch import Tensor

OVERLAP_WEIGHT = 10.0
"""As in the paper."""


def overlap_l2(centre: Tensor, truth: Tensor, overlap: int) -> Tensor:
    """Mean squared difference, ten times as much within `overlap` pixels of the border; both (N, C, H, W)."""
    weights = torch.full_like(truth[:1, :1], OVERLAP_WEIGHT)
    weights[..., overlap : truth.shape[-2] - overlap, overlap : truth.shape[-1] - overlap] = 1
    return ((centre - truth).square() * weights).mean()
