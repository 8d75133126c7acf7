"""Structure: a small network that continues large shapes, horizons and edges into the mask, coarse to fine.

It sees the whole image at 64 pixels first and refines its own result from size to size. It knows what shapes go on, and
little of texture: `guided_patchmatch` adds that.

When to use: large masks across edges, where patches join the wrong surfaces. Cost: one run of a small network per size.
Sources: see `vidinpaint.networks.structure`.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, tensors
from vidinpaint.weights.catalogue import Weights, own_weights
from vidinpaint.weights.running import loaded_network


@dataclass(frozen=True)
class Structure(LearnedInpainter):
    """Learned: a small network that continues shapes and edges, coarse to fine."""

    largest: int = setting(512, "Largest side of the network's input.", low=64, high=2048, unit="pixels")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("structure", "our small network: photos of many kinds, with deep features and a discriminator"),
    )

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("structure",), device)
        return as_array(network(*tensors(start, mask, device)), *mask.shape)
