"""Partial convolutions: a U-Net whose convolutions use known pixels only, whatever the shape of the mask.

With each layer more pixels count as known, until all are. Published weights replace the pixels under the mask, our own
weights add to the smooth start.

When to use: irregular masks, such as strokes and scattered pixels. Cost: one run of the network. Source: Liu et al.
2018, Image Inpainting for Irregular Holes Using Partial Convolutions.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.weights.catalogue import Weights, own_weights
from vidinpaint.weights.running import loaded_network


@dataclass(frozen=True)
class PartialConv(LearnedInpainter):
    """Learned: convolutions of known pixels only (Liu 2018), for irregular masks."""

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("partial_conv", "our small network: photos of many kinds"),
        Weights("partial_conv_places2", "partial_conv", "1000000.pth", "Liu 2018 on Places2, by naoto0804",
                "https://github.com/naoto0804/pytorch-inpainting-with-partial-conv",
                "none named for the weights, see its page"),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("partial_unet",), device)
        image, mask_tensor = tensors(*padded(start, mask, network.multiple), device)
        return as_array(network(image, mask_tensor), *mask.shape)
