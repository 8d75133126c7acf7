"""Penalty that keeps the gradient norm of a Wasserstein discriminator near 1, under the mask only.

Source: Gulrajani 2017, Improved Training of Wasserstein GANs, equation 3; on the mask: Yu 2018, Generative Image
Inpainting with Contextual Attention, section 3.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def gradient_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, mask: Tensor) -> Tensor:
    """Mean over the batch of (norm of the gradient under the mask - 1)^2, at random points between real and fake.

    real, fake (N, C, H, W), mask (N, 1, H, W), 1 = inpaint; the points are drawn with torch's generator.
    """
    position = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
    between = torch.lerp(real.detach(), fake.detach(), position).requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)
    norm = (gradient * mask).flatten(1).norm(dim=1)
    penalty: Tensor = ((norm - 1) ** 2).mean()
    return penalty
