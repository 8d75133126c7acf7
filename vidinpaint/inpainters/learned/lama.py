"""LaMa: a network of Fourier convolutions that sees the whole image; the published weights are Big LaMa's.

It continues structures, periodic ones above all, across wide masks, and works at sizes far beyond the 256 pixels with
which it was trained.

When to use: wide masks, objects before walls, floors, water or foliage. Cost: one run of the network, with Big LaMa's
weights 9 s at 512 pixels and 44 s at 1024 on one core; 0.5 GB of memory and 1 GB for each megapixel. Source: Suvorov et
al. 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.weights.catalogue import Weights, users_weights
from vidinpaint.weights.running import loaded_network

LICENCE = "Apache-2.0, as the repository; none named for the weights alone"


@dataclass(frozen=True)
class Lama(LearnedInpainter):
    """Learned: Fourier convolutions (LaMa, Suvorov 2022), for wide masks; fetch its weights first."""

    largest: int = setting(1024, "Largest side of the network's input.", low=64, high=4096, unit="pixels")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("lama_big", "lama", "big-lama.pt", "Suvorov 2022 on Places2, scripted by Sanster",
                "https://github.com/enesmsahin/simple-lama-inpainting/releases", LICENCE),
        Weights("lama_big_checkpoint", "lama", "best.ckpt", "Suvorov 2022 on Places2, the authors' own: big-lama",
                "https://github.com/advimman/lama", LICENCE),
        users_weights("lama"),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("lama",), device)
        multiple = network.multiple
        if min(mask.shape) <= multiple:  # at the blocks' size, mirrored borders need two pixels
            multiple *= 2
        image, mask_tensor = tensors(*padded(start, mask, multiple), device)
        return as_array(network(image, mask_tensor), *mask.shape)
