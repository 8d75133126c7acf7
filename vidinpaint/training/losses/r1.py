"""Penalty on the gradient of a discriminator at real images, which keeps it from becoming steep.

Source: Mescheder 2018, Which Training Methods for GANs do actually Converge?, equation 9.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def r1_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor) -> Tensor:
    """Mean over the batch of the squared norm of the gradient of the scores; real (N, C, H, W)."""
    real = real.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    penalty: Tensor = gradient.square().flatten(1).sum(1).mean()
    return penalty
