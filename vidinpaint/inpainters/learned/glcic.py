"""GLCIC: dilated convolutions that see far, trained with a discriminator of the image and one of the mask's place.

The result is blended into its surroundings as in the paper: its gradients stay, and a smooth field is added that meets
the known colours at the border of the mask. (OpenCV's `seamlessClone` rounds to 8 bits and erodes the mask.)

When to use: boxes and objects in photos like those of the training. The published weights know faces only. Cost: one
run of the network. Source: Iizuka et al. 2017, Globally and Locally Consistent Image Completion.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.numerics.blending import blended
from vidinpaint.weights.catalogue import Weights, users_weights
from vidinpaint.weights.running import loaded_network


@dataclass(frozen=True)
class Glcic(LearnedInpainter):
    """Learned: dilated convolutions, then Poisson blending (Iizuka 2017); fetch its weights first."""

    blend: bool = setting(True, "Whether the result is blended into the colours around it.")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        users_weights("glcic"),
        Weights("glcic_celeba", "glcic", "model_cn_step400000", "Iizuka 2017 on CelebA (faces), by otenim",
                "https://github.com/otenim/GLCIC-PyTorch", "MIT (code); weights: see its page"),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("glcic",), device)
        image, mask_tensor = tensors(*padded(start, mask, network.multiple), device)
        result = as_array(network(image, mask_tensor), *mask.shape)
        return np.clip(blended(result, start, mask), 0, 1) if self.blend else result
