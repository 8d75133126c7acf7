"""Distance between a discriminator's features of real and of inpainted images, for each layer.

It stabilises adversarial training. Source: Wang 2018, High-Resolution Image Synthesis with Conditional GANs; for
inpainting: Nazeri 2019, EdgeConnect, section 3; with squares: Suvorov 2022, LaMa, section 2.3.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def feature_matching(fake: Sequence[Tensor], real: Sequence[Tensor], power: int = 1) -> Tensor:
    """The mean over the layers of the mean |difference|^power; no gradient flows into the real ones."""
    return torch.stack([((a - b.detach()).abs() ** power).mean() for a, b in zip(fake, real, strict=True)]).mean()
