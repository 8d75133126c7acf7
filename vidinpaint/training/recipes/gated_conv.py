"""DeepFill v2: gated convolutions, coarse and refined, against an SN-PatchGAN.

L1 to the truth for the coarse and for the refined picture, and the hinge loss of a discriminator that scores patches.
The paper weighs L1 and the discriminator alike. Source: Yu 2019, Free-Form Image Inpainting with Gated Convolution,
section 3; lines to follow (section 3.5) are here Canny's of the truth, in half of the examples, instead of a learned
detector's.
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
from vidinpaint.training.data.tensors import picture_of, tensor_of
from vidinpaint.training.discriminators.sn_patch import SNPatch
from vidinpaint.training.features.choice import feature_network
from vidinpaint.training.image_recipe import ImageRecipe, finished
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.perceptual import perceptual
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms


@dataclass(frozen=True)
class GatedConv(ImageRecipe):
    """Gated convolutions, coarse and refined (DeepFill v2)."""

    width: int = setting(24, "Channels of the generator; 48 in the paper.")
    sketch: bool = setting(False, "Whether the network has a channel for lines to follow.")
    residual: bool = setting(True, "Whether the network adds to a smooth start.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    valid: float = setting(0.0, "Weight of L1 outside the mask.")
    coarse: float = setting(0.5, "Weight of the coarse picture's L1, relative to the refined one's.")
    features: str = setting("derivatives", "Compared by the perceptual term: derivatives, vgg16, vgg16:PATH.")
    perceptual: float = setting(0.0, "Weight of the perceptual term; 0: none.")
    adversarial: float = setting(0.0, "Weight of the discriminator's opinion; 0: no discriminator.")
    adversarial_from: int = setting(0, "Step from which it counts.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return GatedGenerator(width=self.width, sketch=self.sketch, residual=self.residual)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        return nn.ModuleDict({"patch": SNPatch(4 + self.sketch, self.discriminator_width)} if self.adversarial else {})

    def batch(self, random: Random) -> Batch:
        """See `Recipe`; with lines for a network that follows them."""
        batch = super().batch(random)
        if self.sketch:
            batch["sketch"] = _lines(batch) * torch.from_numpy(random.random((self.batch_size, 1, 1, 1)) < 0.5)
        return batch

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `ImageRecipe`."""
        refined: Tensor = self._both(network, batch)[1]
        return refined

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        terms = {}
        outputs = dict(zip(("coarse", "refined"), self._both(network, batch)))
        for name, weight in (("coarse", self.coarse), ("refined", 1.0)):
            apart = reconstruction(outputs[name], batch["truth"], batch["mask"])
            terms[name] = weight * (self.mask * apart.mask + self.valid * apart.valid)
        picture = finished(outputs["refined"], batch)
        if self.perceptual:
            features = feature_network(self.features).to(picture.device)
            terms["perceptual"] = self.perceptual * perceptual(features(picture), features(batch["truth"]))
        if self._judged(step):
            terms["adversarial"] = self.adversarial * gan_loss("hinge").network(
                discriminators["patch"](_seen(picture, batch))
            )
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self._judged(step):
            return {}
        with torch.no_grad():
            picture = finished(self.inpaint(network, batch), batch)
        real, fake = (discriminators["patch"](_seen(one, batch)) for one in (batch["truth"], picture))
        return {"discriminator": gan_loss("hinge").discriminator(real, fake)}

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "gated_generator", {"width": self.width, "sketch": self.sketch, "residual": self.residual}

    def _both(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """The coarse and the refined picture."""
        image = batch["start"] if self.residual else batch["truth"] * (1 - batch["mask"])
        both: tuple[Tensor, Tensor] = network(image, batch["mask"], batch.get("sketch"))
        return both

    def _judged(self, step: int) -> bool:
        return self.adversarial > 0 and step >= self.adversarial_from


def _seen(picture: Tensor, batch: Batch) -> Tensor:
    """What the discriminator sees: the picture, the mask, and the lines where there are any."""
    return torch.cat([picture, batch["mask"], *([batch["sketch"]] if "sketch" in batch else [])], 1)


def _lines(batch: Batch) -> Tensor:
    """float32 (N, 1, H, W), 1 = an edge of the truth, under the mask only."""
    pictures = np.rint(picture_of(batch["truth"] + 1) * 127.5).astype(np.uint8)
    edges = np.stack([cv2.Canny(picture, 80, 180) for picture in pictures]) > 0
    return tensor_of(edges[..., None]) * batch["mask"]
