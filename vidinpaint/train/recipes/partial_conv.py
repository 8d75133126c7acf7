"""The U-Net of partial convolutions, with the six terms of its paper.

    L_valid + 6 L_hole + 0.05 L_perceptual + 120 L_style + 0.1 L_tv

Perceptual and style terms compare features of the output and of the output with the known pixels put back; the paper
takes VGG16's. In its second phase the encoder's batch norm is frozen and the rate lower: a run of its own, with
`freeze` and another rate, from the weights of the first (section 4.2).

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.3.
"""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from vidinpaint.nets.partial_unet import PartialUnet
from vidinpaint.settings import setting
from vidinpaint.train.features.choice import feature_network
from vidinpaint.train.losses.border_variation import border_variation
from vidinpaint.train.losses.perceptual import perceptual
from vidinpaint.train.losses.reconstruction import reconstruction
from vidinpaint.train.losses.style import style
from vidinpaint.train.painter import Painter, finished
from vidinpaint.train.recipe import Batch, Terms


@dataclass(frozen=True)
class PartialConv(Painter):
    """Partial convolutions: only known pixels are looked at."""

    width: int = setting(16, "Channels of the first layer; 64 in the paper.")
    depth: int = setting(5, "How often the size is halved; 7 in the paper.")
    residual: bool = setting(True, "Whether the network adds to a smooth start.")
    freeze_from: int = setting(-1, "Step from which the encoder's batch norm is frozen; -1: never.")
    features: str = setting(
        "derivatives", "Compared by the perceptual and style terms: derivatives, vgg16, vgg16:PATH."
    )
    valid: float = setting(1.0, "Weight of L1 outside the mask.")
    hole: float = setting(6.0, "Weight of L1 under the mask.")
    perceptual: float = setting(0.05, "Weight of the perceptual term; 0: none.")
    style: float = setting(120.0, "Weight of the style term; 0: none.")
    variation: float = setting(0.1, "Weight of the total variation; 0: none.")

    def net(self) -> nn.Module:
        """See `Recipe`."""
        return PartialUnet(width=self.width, depth=self.depth, residual=self.residual)

    def paint(self, net: nn.Module, batch: Batch) -> Tensor:
        """See `Painter`."""
        output: Tensor = net(batch["start"], batch["hole"])
        return output

    def loss(self, net: nn.Module, critics: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if isinstance(net, PartialUnet) and 0 <= self.freeze_from <= step:
            net.freeze()
        output, truth = self.paint(net, batch), batch["truth"]
        apart = reconstruction(output, truth, batch["hole"])
        terms = {"valid": self.valid * apart.valid, "hole": self.hole * apart.hole}
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
            terms["variation"] = self.variation * border_variation(composed, batch["hole"])
        return terms

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "partial_unet", {"width": self.width, "depth": self.depth, "residual": self.residual}
