"""The U-Net of partial convolutions, with the six terms of its paper.

    L_valid + 6 L_mask + 0.05 L_perceptual + 120 L_style + 0.1 L_tv

Perceptual and style terms compare features of the output and of the output with the known pixels put back; the paper
takes VGG16's. In its second phase the encoder's batch norm is frozen and the rate lower: a run of its own, with
`freeze` and another rate, from the weights of the first (section 4.2).

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.3.
"""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.partial_unet import PartialUnet
from vidinpaint.training.features.choice import feature_network
from vidinpaint.training.image_recipe import ImageRecipe, finished
from vidinpaint.training.losses.border_variation import border_variation
from vidinpaint.training.losses.perceptual import perceptual
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.losses.style import style
from vidinpaint.training.recipe import Batch, Terms


@dataclass(frozen=True)
class PartialConv(ImageRecipe):
    """Partial convolutions: only known pixels are looked at."""

    width: int = setting(16, "Channels of the first layer; 64 in the paper.")
    depth: int = setting(5, "How often the size is downscaled; 7 in the paper.")
    residual: bool = setting(True, "Whether the network adds to a smooth start.")
    freeze_from: int = setting(-1, "Step from which the encoder's batch norm is frozen; -1: never.")
    features: str = setting(
        "derivatives", "Compared by the perceptual and style terms: derivatives, vgg16, vgg16:PATH."
    )
    valid: float = setting(1.0, "Weight of L1 outside the mask.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    perceptual: float = setting(0.05, "Weight of the perceptual term; 0: none.")
    style: float = setting(120.0, "Weight of the style term; 0: none.")
    variation: float = setting(0.1, "Weight of the total variation; 0: none.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return PartialUnet(width=self.width, depth=self.depth, residual=self.residual)

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `ImageRecipe`."""
        output: Tensor = network(batch["start"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if isinstance(network, PartialUnet) and 0 <= self.freeze_from <= step:
            network.freeze()
        output, truth = self.inpaint(network, batch), batch["truth"]
        apart = reconstruction(output, truth, batch["mask"])
        terms = {"valid": self.valid * apart.valid, "mask": self.mask * apart.mask}
        composed = finished(output, batch)
        if self.perceptual or self.style:
            features = feature_network(self.features).to(output.device)
            wanted, found = features(truth), [features(picture) for picture in (output, composed)]
            for name, weight, compare in (
                ("perceptual", self.perceptual, perceptual),
                ("style", self.style, style),
            ):
                if weight:
                    terms[name] = weight * (compare(found[0], wanted) + compare(found[1], wanted))
        if self.variation:
            terms["variation"] = self.variation * border_variation(composed, batch["mask"])
        return terms

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "partial_unet", {"width": self.width, "depth": self.depth, "residual": self.residual}
