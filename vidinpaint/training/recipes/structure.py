"""The structure network: L1, a distance of deep features, and a discriminator with the R1 penalty.

The network is trained at two sizes at once: from a smooth start at half the size, and from its own enlarged result at
full size. The deep features are those of a classifier: they reward edges and texture where L1 rewards blur. Sources:
Suvorov 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, section 2.2 (the losses); Zhang 2018
(the distance of features); Mescheder 2018 (R1), applied every few steps as in Karras 2020, StyleGAN2, appendix B.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.core.settings import setting
from vidinpaint.networks.structure import Structure as StructureNetwork
from vidinpaint.networks.structure import halved
from vidinpaint.training.discriminators.patch import Patch
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.image_recipe import ImageRecipe, mean_deep_distance
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.r1 import r1_penalty
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms

GAN = gan_loss("vanilla")


@dataclass(frozen=True)
class Structure(ImageRecipe):
    """Large shapes first, by Fourier units, then finer from size to size."""

    width: int = setting(32, "Channels at full size.")
    blocks: int = setting(6, "Residual blocks at a quarter of the size.")
    mask: float = setting(3.0, "Weight of L1 under the mask.")
    features: str = setting("lite0", "Feature network of the deep distance: derivatives, lite0, vgg16, vgg16:PATH.")
    deep_distance: float = setting(2.0, "Weight of the distance of deep features; 0: none.")
    adversarial: float = setting(0.02, "Weight of the adversarial term; 0: no discriminator.")
    adversarial_from: int = setting(1500, "First step with the adversarial term.")
    discriminator_width: int = setting(32, "Channels of the discriminator's first layer.")
    r1: float = setting(1.0, "Weight of the gradient penalty at real images.")
    r1_every: int = setting(16, "Steps between gradient penalties.", low=1)

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return StructureNetwork(width=self.width, blocks=self.blocks)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        return nn.ModuleDict({"patch": Patch(4, self.discriminator_width)} if self.adversarial else {})

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        output: Tensor = network(batch["truth"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        terms: Terms = {}
        truth, mask = batch["truth"], batch["mask"]
        for number, result in enumerate(reversed(_results(network, batch))):
            l1 = self.mask * reconstruction(result, truth, mask).mask
            deep = feature_terms(self.features, {"deep_distance": self.deep_distance}, [result], truth)
            terms |= {f"{name}_{number}": term for name, term in {"l1": l1, **deep}.items()}
            truth, mask = halved(truth), F.max_pool2d(mask, 2, ceil_mode=True)
        if self._is_adversarial(step):
            score = discriminators["patch"](torch.cat([_results(network, batch)[-1], batch["mask"]], 1))
            terms["adversarial"] = self.adversarial * GAN.network(score)
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self._is_adversarial(step):
            return {}
        real, fake = (
            torch.cat([image, batch["mask"]], 1) for image in (batch["truth"], _results(network, batch)[-1].detach())
        )
        discriminator = discriminators["patch"]
        terms = {"discriminator": GAN.discriminator(discriminator(real), discriminator(fake))}
        if step % self.r1_every == 0:
            terms["r1"] = self.r1 * self.r1_every / 2 * r1_penalty(discriminator, real)
        return terms

    def validate(self, network: nn.Module) -> dict[str, float]:
        """See `ImageRecipe`; the first figure is the mean distance of deep features over the whole images."""
        example = self.held_out_example()
        deep = mean_deep_distance(self.features, self.inpainted(network, example), example.truth)
        return {"deep_distance": deep, **super().validate(network)}

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "structure", {"width": self.width, "blocks": self.blocks}

    def _is_adversarial(self, step: int) -> bool:
        return self.adversarial > 0 and step >= self.adversarial_from


def _results(network: nn.Module, batch: Batch) -> list[Tensor]:
    """The network's results for a batch, coarsest first, calculated once per step and kept with the batch."""
    names = [name for name in batch if name.startswith("result")]
    if not names:
        assert isinstance(network, StructureNetwork)
        results = network.sizes(batch["truth"], batch["mask"])
        batch |= {f"result {number}": result for number, result in enumerate(results)}
        return results
    return [batch[name] for name in names]
