"""The U-Net of partial convolutions, with the six loss terms of its paper.

    L_valid + 6 L_mask + 0.05 L_perceptual + 120 L_style + 0.1 L_tv

Perceptual and style terms compare features of the output, and of the output composited over the known pixels; the paper
uses VGG16's. In the second phase of training the encoder's batch normalisation is frozen and the learning rate is
lower: a run of its own with `freeze_from` and another rate, from the weights of the first (section 4.2).

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.3.
"""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.partial_unet import PartialUnet
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.image_recipe import ImageRecipe
from vidinpaint.training.inpainting_recipe import composited
from vidinpaint.training.losses.border_variation import border_variation
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms


@dataclass(frozen=True)
class PartialConv(ImageRecipe):
    """Partial convolutions: only known pixels count."""

    width: int = setting(16, "Channels of the first layer; 64 in the paper.")
    depth: int = setting(5, "Number of times that the size is halved; 7 in the paper.")
    residual: bool = setting(True, "Whether the network adds to a smooth start.")
    freeze_from: int = setting(-1, "First step with frozen batch normalisation of the encoder; -1: never.")
    features: str = setting(
        "derivatives", "Feature network of the perceptual and style terms: derivatives, lite0, vgg16, vgg16:PATH."
    )
    valid: float = setting(1.0, "Weight of L1 outside the mask.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    perceptual: float = setting(0.05, "Weight of the perceptual term; 0: none.")
    style: float = setting(120.0, "Weight of the style term; 0: none.")
    deep_distance: float = setting(0.0, "Weight of the distance of the features' directions; 0: none.")
    variation: float = setting(0.1, "Weight of the total variation; 0: none.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return PartialUnet(width=self.width, depth=self.depth, residual=self.residual)

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        output: Tensor = network(batch["start"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if isinstance(network, PartialUnet) and 0 <= self.freeze_from <= step:
            network.freeze()
        output, truth = self.inpaint(network, batch), batch["truth"]
        distance = reconstruction(output, truth, batch["mask"])
        terms = {"valid": self.valid * distance.valid, "mask": self.mask * distance.mask}
        inpainted = composited(output, batch)
        weights = {"perceptual": self.perceptual, "style": self.style, "deep_distance": self.deep_distance}
        terms |= feature_terms(self.features, weights, [output, inpainted], truth)
        if self.variation:
            terms["variation"] = self.variation * border_variation(inpainted, batch["mask"])
        return terms

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "partial_unet", {"width": self.width, "depth": self.depth, "residual": self.residual}
