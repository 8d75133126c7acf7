"""RePaint: denoising diffusion, with the known pixels imposed at each step.

Starting from pure noise, the network removes noise step by step; after each step the known pixels are replaced by the
given ones with the noise of that step. Repeatedly going some steps back towards noise (resampling) lets the synthesised
pixels agree with their surroundings. Each seed gives another result.

When to use: large masks, and several results to choose from. Cost: hundreds to thousands of runs of the network.
Source: Lugmayr et al. 2022, RePaint: Inpainting using Denoising Diffusion Probabilistic Models, algorithm 1, and the
appendix on the schedule of jumps.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.weights.catalogue import Weights, own_weights

if TYPE_CHECKING:
    from vidinpaint.inpainters.learned.resampling import Prior

AUTHORS = "https://github.com/andreas128/RePaint"
NON_COMMERCIAL = "CC BY-NC-SA 4.0: non-commercial use"


@dataclass(frozen=True)
class RePaint(LearnedInpainter):
    """Learned: diffusion guided by the known pixels (Lugmayr 2022); slow, each seed gives another result.

    `weights` may also be the folder of a UNet2DModel of the package diffusers.
    """

    largest: int = setting(256, "Largest side of the network's input.", low=64, high=1024, unit="pixels")
    steps: int = setting(250, "Number of denoising steps.", low=2, high=1000)
    resamplings: int = setting(
        10, "How often each jump is repeated; 1 only replaces the known pixels.", low=1, high=100
    )
    jump: int = setting(10, "Number of steps that a jump goes back.", low=1, high=1000, unit="steps")
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
        result = resampled(
            prior.network, diffusion, image, mask_tensor, self.resamplings, self.jump, self.seed, report_progress
        )
        return as_array(result, *mask.shape)

    def _prior(self, path: Path) -> "Prior":
        from vidinpaint.inpainters.learned.resampling import prior_of_diffusers, prior_of_weights

        return (prior_of_diffusers if path.is_dir() else prior_of_weights)(path, self.torch_device())
