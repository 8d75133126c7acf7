"""Contextual attention (DeepFill v1): a coarse and a refined result, with known patches copied by attention.

When to use: boxes in photos like those it was trained on; for other shapes `gated_conv`, its successor. Cost: one run
of the network; the memory for attention grows with the fourth power of `largest`, as that of `gated_conv` does.
Source: Yu et al. 2018, Generative Image Inpainting with Contextual Attention.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.weights.catalogue import Weights, users_weights
from vidinpaint.weights.running import loaded_network

PAGE = "https://github.com/daa233/generative-inpainting-pytorch"
LICENCE = "MIT for the code; for the weights see its page"


@dataclass(frozen=True)
class ContextualAttention(LearnedInpainter):
    """Learned: attention to known patches (DeepFill v1, Yu 2018), for boxes; fetch its weights first."""

    largest: int = setting(512, "Longest side that the network is given.", low=64, high=1024, unit="pixels")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("contextual_attention_imagenet", "contextual_attention", "gen_00430000.pt",
                "Yu 2018 on ImageNet, by daa233", PAGE, LICENCE),
        Weights("contextual_attention_tf", "contextual_attention", "torch_model.p",
                "Yu 2018, the authors' own, converted by daa233", PAGE, LICENCE),
        users_weights("contextual_attention"),
    )  # fmt: skip

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("attention_generator",), device)
        grey = np.where(mask[..., None], np.float32(0.5), start)
        image, mask_tensor = tensors(*padded(grey, mask, network.multiple), device)
        return as_array(network(image, mask_tensor)[1], *mask.shape)
