"""DeepFill v2: gated convolutions in a coarse and a refinement stage, against an SN-PatchGAN.

L1 to the truth of the coarse and of the refined image, and the hinge loss of a discriminator that scores patches; the
paper gives L1 and the hinge loss equal weights. Source: Yu 2019, Free-Form Image Inpainting with Gated Convolution,
section 3. The lines of a sketch (section 3.5) are Canny edges of the truth, in half of the examples, not edges of a
learned detector.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.gated_generator import GatedGenerator
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.tensors import rgb8_of, tensor_of
from vidinpaint.training.discriminators.sn_patch import SNPatch
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.image_recipe import ImageRecipe
from vidinpaint.training.inpainting_recipe import AdversarialRecipe, composited
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms


@dataclass(frozen=True)
class GatedConv(AdversarialRecipe, ImageRecipe):
    """Gated convolutions, coarse and refined (DeepFill v2)."""

    width: int = setting(24, "Channels of the generator; 48 in the paper.")
    sketch: bool = setting(False, "Whether the network has an input channel for a sketch.")
    residual: bool = setting(True, "Whether the network adds to a smooth start.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    valid: float = setting(0.0, "Weight of L1 outside the mask.")
    coarse: float = setting(0.5, "Weight of the coarse image's L1, relative to that of the refined one.")
    features: str = setting(
        "derivatives", "Feature network of the perceptual terms: derivatives, lite0, vgg16, vgg16:PATH."
    )
    perceptual: float = setting(0.0, "Weight of the perceptual term; 0: none.")
    deep_distance: float = setting(0.0, "Weight of the distance of the features' directions; 0: none.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return GatedGenerator(width=self.width, sketch=self.sketch, residual=self.residual)

    def discriminator(self) -> nn.Module:
        """See `AdversarialRecipe`."""
        return SNPatch(4 + self.sketch, self.discriminator_width)

    def batch(self, random: Random) -> Batch:
        """See `ImageRecipe`; with a sketch if the network has a channel for it."""
        batch = super().batch(random)
        if self.sketch:
            batch["sketch"] = _lines(batch) * torch.from_numpy(random.random((self.batch_size, 1, 1, 1)) < 0.5)
        return batch

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        return self._coarse_and_refined(network, batch)[1]

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        terms = {}
        outputs = dict(zip(("coarse", "refined"), self._coarse_and_refined(network, batch)))
        for name, weight in (("coarse", self.coarse), ("refined", 1.0)):
            distance = reconstruction(outputs[name], batch["truth"], batch["mask"])
            terms[name] = weight * (self.mask * distance.mask + self.valid * distance.valid)
        inpainted = composited(outputs["refined"], batch)
        weights = {"perceptual": self.perceptual, "deep_distance": self.deep_distance}
        terms |= feature_terms(self.features, weights, [inpainted], batch["truth"])
        return terms | self.adversarial_terms(discriminators, inpainted, batch, step)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "gated_generator", {"width": self.width, "sketch": self.sketch, "residual": self.residual}

    def _coarse_and_refined(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        image = batch["start"] if self.residual else batch["truth"] * (1 - batch["mask"])
        coarse, refined = network(image, batch["mask"], batch.get("sketch"))
        return coarse, refined


def _lines(batch: Batch) -> Tensor:
    """float32 (N, 1, H, W), 1 = an edge of the truth, under the mask only."""
    images = rgb8_of(batch["truth"])
    edges = np.stack([cv2.Canny(image, 80, 180) for image in images]) > 0
    return tensor_of(edges[..., None]) * batch["mask"]
