"""Lugmayr et al. 2022 (RePaint): a network that knows what pictures look like, led by the known pixels of this one.

From pure noise, step by step, the network takes noise away everywhere, and after every step what is known is put back
with the noise that it would have then. Going some steps back towards noise again and again (resampling) gives the fill
time to agree with what is around it. Another seed gives another fill. Cost: hundreds to thousands of runs of the
network.

Source: Lugmayr et al. 2022, RePaint: Inpainting using Denoising Diffusion Probabilistic Models, algorithm 1 and
appendix on the schedule of jumps.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, padded, picture, tensors
from vidinpaint.weights.catalogue import Weights, own_weights

if TYPE_CHECKING:
    from vidinpaint.inpainters.learned.resampling import Prior

AUTHORS = "https://github.com/andreas128/RePaint"
NON_COMMERCIAL = "CC BY-NC-SA 4.0: non-commercial use"


@dataclass(frozen=True)
class RePaint(LearnedInpainter):
    """Learned: diffusion led by the known pixels (Lugmayr 2022); another seed, another result; slow.

    `weights` may also be the folder of a UNet2DModel of diffusers.
    """

    largest: int = setting(256, "Longest side that the network is given.", low=64, high=1024, unit="pixels")
    steps: int = setting(250, "Steps of noise to remove.", low=2, high=1000)
    resamplings: int = setting(10, "How often every jump is repeated; 1 only replaces what is known.", low=1, high=100)
    jump: int = setting(10, "How many steps a jump goes back.", low=1, high=1000, unit="steps")
    seed: int = setting(0, "Seed of the noise.")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("repaint", "our small diffusion network, 64 x 64: photos of many kinds"),
        Weights("repaint_imagenet", "repaint", "256x256_diffusion_uncond.pt", "Dhariwal 2021 on ImageNet, 256 x 256",
                "https://github.com/openai/guided-diffusion", "MIT"),
        Weights("repaint_places2", "repaint", "places256_300000.pt", "Lugmayr 2022 on Places2, 256 x 256",
                AUTHORS, NON_COMMERCIAL),
        Weights("repaint_celeba", "repaint", "celeba256_250000.pt", "Lugmayr 2022 on CelebA-HQ, 256 x 256",
                AUTHORS, NON_COMMERCIAL),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        from vidinpaint.inpainters.learned.resampling import resampled

        prior = self._prior(self.weights_path())
        image, mask_tensor = tensors(*padded(start, mask, prior.multiple), self.torch_device())
        diffusion = prior.diffusion.respaced(self.steps)
        made = resampled(
            prior.network, diffusion, image, mask_tensor, self.resamplings, self.jump, self.seed, report_progress
        )
        return picture(made, *mask.shape)

    def _prior(self, path: Path) -> "Prior":
        from vidinpaint.inpainters.learned.resampling import prior_of_diffusers, prior_of_weights

        return (prior_of_diffusers if path.is_dir() else prior_of_weights)(path, self.torch_device())
