"""The penalty that keeps a Wasserstein critic's slope near 1, counted under the hole only.

Source: Gulrajani 2017, Improved Training of Wasserstein GANs, equation 3; on the hole: Yu 2018, Generative Image
Inpainting with Contextual Attention, section 3.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, hole: Tensor) -> Tensor:
    """Mean over the batch of (norm of the critic's gradient under the hole - 1)^2, half-way between real and fake.

    real, fake (N, C, H, W), hole (N, 1, H, W), 1 = paint; the place between the two is drawn from torch's generator.
    """
    share = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
    between = torch.lerp(real.detach(), fake.detach(), share).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    slope = (gradient * hole).flatten(1).norm(dim=1)
    penalty: Tensor = ((slope - 1) ** 2).mean()
    return penalty
