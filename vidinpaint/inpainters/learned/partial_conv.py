"""Liu et al. 2018: a U-Net of partial convolutions, which see known pixels only, whatever the shape of the mask.

From layer to layer more counts as known, until nothing is left to fill. Published weights replace what is under the
mask, ours add to a smooth fill. Cost: one run of the network.

Source: Liu et al. 2018, Image Inpainting for Irregular Holes Using Partial Convolutions.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.inpainters.learned.interface import LearnedInpainter, padded, picture, tensors
from vidinpaint.weights.catalogue import Weights, own_weights
from vidinpaint.weights.running import loaded_network


@dataclass(frozen=True)
class PartialConv(LearnedInpainter):
    """Learned: convolutions of known pixels only (Liu 2018); for irregular masks."""

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("partial_conv", "our small network: photos of many kinds"),
        Weights("partial_conv_places2", "partial_conv", "1000000.pth", "Liu 2018 on Places2, by naoto0804",
                "https://github.com/naoto0804/pytorch-inpainting-with-partial-conv",
                "see its page; none is named for the weights"),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("partial_unet",), device)
        image, mask_tensor = tensors(*padded(start, mask, network.multiple), device)
        return picture(network(image, mask_tensor), *mask.shape)
