"""LaMa: L1 of the known pixels, a loss with a high receptive field, and a discriminator that knows the mask.

    10 L_known + 30 L_high_receptive_field + 10 L_adversarial + 100 L_feature_matching

No term compares pixels under a mask: the features of a network that sees far, and the discriminator, judge what is
plausible there. The discriminator learns that patches which a mask touches are inpainted and that all others are real,
with the R1 penalty on real images. All terms compare whole results, not composited ones, of colours in [0, 1]. The
paper's feature network is a dilated ResNet50 trained on ADE20K; ours is one of `features`, so its weight of 30 is only
a start.

Source: Suvorov 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, sections 2.2 to 2.4, and the
published settings of Big LaMa.
"""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.core.settings import setting
from vidinpaint.networks.lama import Lama as LamaNetwork
from vidinpaint.training.discriminators.patch import Patch
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.image_recipe import ImageRecipe, mean_deep_distance
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.feature_matching import feature_matching
from vidinpaint.training.losses.r1 import r1_penalty
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms

GAN = gan_loss("vanilla")


@dataclass(frozen=True)
class Lama(ImageRecipe):
    """Fourier convolutions over the whole image (LaMa), for wide masks."""

    kinds: str = setting("wide", "Kinds of masks, as of the other recipes; wide in the paper.")
    width: int = setting(16, "Channels at full size; 64 in the paper.")
    blocks: int = setting(6, "Residual blocks; 18 in Big LaMa.")
    halvings: int = setting(3, "How often the size is halved before the blocks; 3 in the paper.")
    valid: float = setting(10.0, "Weight of L1 outside the mask.")
    features: str = setting(
        "lite0", "Feature network of the next term: derivatives, lite0, vgg16, vgg16:PATH; the paper's sees further."
    )
    high_receptive_field: float = setting(30.0, "Weight of the squared distance of features; 0: none.")
    adversarial: float = setting(10.0, "Weight of the adversarial term; 0: no discriminator.")
    matching: float = setting(100.0, "Weight of the distance of the discriminator's features.")
    r1: float = setting(0.001, "Weight of the gradient penalty at real images.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return LamaNetwork(self.width, self.blocks, self.halvings)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        patch = Patch(width=self.discriminator_width, strided=4, batch=True)
        return nn.ModuleDict({"patch": patch} if self.adversarial else {})

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        output: Tensor = network(batch["truth"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        result, truth = self._result(network, batch), batch["truth"]
        terms = {"valid": self.valid * reconstruction(_unit(result), _unit(truth), batch["mask"]).valid}
        terms |= feature_terms(self.features, {"high_receptive_field": self.high_receptive_field}, [result], truth)
        if self.adversarial:
            discriminator = discriminators["patch"]
            assert isinstance(discriminator, Patch)
            (*real, _), (*fake, score) = (discriminator.features(_unit(image)) for image in (truth, result))
            terms["adversarial"] = self.adversarial * GAN.network(score)
            terms["matching"] = self.matching * feature_matching(fake, real, power=2)
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self.adversarial:
            return {}
        discriminator, truth = discriminators["patch"], _unit(batch["truth"])
        real, fake = discriminator(truth), discriminator(_unit(self._result(network, batch).detach()))
        inpainted = F.interpolate(batch["mask"], fake.shape[-2:])
        # a score with the other sign counts as that of a real patch
        loss = GAN.discriminator(real, fake * (2 * inpainted - 1))
        return {"discriminator": loss, "r1": self.r1 * r1_penalty(discriminator, truth)}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """See `ImageRecipe`; the first figure is the mean distance of deep features, as no term is L1 under a mask."""
        figures = super().validate(network)
        if not self.high_receptive_field:
            return figures
        example = self.held_out_example()
        deep = mean_deep_distance(self.features, self.inpainted(network, example), example.truth)
        return {"deep_distance": deep, **figures}

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "lama", {"width": self.width, "blocks": self.blocks, "halvings": self.halvings}

    def _result(self, network: nn.Module, batch: Batch) -> Tensor:
        """The network's result for a batch, calculated once per step and kept with the batch."""
        if "result" not in batch:
            batch["result"] = self.inpaint(network, batch)
        return batch["result"]


def _unit(image: Tensor) -> Tensor:
    """Colours in [0, 1] from colours in [-1, 1]."""
    return (image + 1) / 2
