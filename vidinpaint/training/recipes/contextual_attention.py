"""Contextual attention (DeepFill v1): a coarse and a refinement stage against two Wasserstein critics.

Discounted L1 under the mask and L1 outside it, for both stages, and the scores of a critic of the whole image and of
one of the surroundings of the mask, with a gradient penalty under the mask for each. The critics learn in each step,
the network in each `critic_steps`-th. Source: Yu 2018, Generative Image Inpainting with Contextual Attention, section
3; weights of the terms and 5 critic steps: its algorithm 1 and the published settings.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.attention_generator import AttentionGenerator
from vidinpaint.training.data.masks import Random
from vidinpaint.training.discriminators.critic import Critic
from vidinpaint.training.discriminators.global_local import around
from vidinpaint.training.image_recipe import ImageRecipe
from vidinpaint.training.inpainting_recipe import composited
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.gradient_penalty import gradient_penalty
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.losses.spatial_discount import discounted_l1, spatial_discount
from vidinpaint.training.recipe import Batch, Terms

GAN = gan_loss("wasserstein")
GRIDS = {"whole": 16, "part": 8}
"""Rows and columns of the last maps of the critics of whole images, and of the surroundings of masks."""


@dataclass(frozen=True)
class ContextualAttention(ImageRecipe):
    """Contextual attention, coarse and refined (DeepFill v1)."""

    width: int = setting(16, "Channels of the generator; 32 in the paper.", low=2, high=256)
    mask: float = setting(1.2, "Weight of discounted L1 under the mask.")
    valid: float = setting(1.2, "Weight of L1 outside the mask.")
    coarse: float = setting(1.2, "Weight of the coarse image's L1, relative to that of the refined one.")
    discount: float = setting(0.9, "Factor of L1 per pixel of distance from known pixels; 1: none.", low=0, high=1)
    adversarial: float = setting(0.001, "Weight of the critics' scores; 0: no critics.", low=0)
    penalty: float = setting(10.0, "Weight of the gradient penalty.", low=0)
    critic_steps: int = setting(5, "Steps of the critics for one of the network.", low=1, high=100)
    discriminator_width: int = setting(64, "Channels of the critics' first layers; 64 in the paper.", low=1)

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return AttentionGenerator(self.width)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        grids = GRIDS if self.adversarial else {}
        return nn.ModuleDict({name: Critic(grid, self.discriminator_width) for name, grid in grids.items()})

    def batch(self, random: Random) -> Batch:
        """See `ImageRecipe`; with the discount."""
        batch = super().batch(random)
        return {**batch, "discount": spatial_discount(batch["mask"], self.discount)}

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        return _coarse_and_refined(network, batch)[1]

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`; {} in the steps of the critics alone."""
        if self.adversarial and (step + 1) % self.critic_steps:
            return {}
        truth, mask = batch["truth"], batch["mask"]
        coarse, refined = _coarse_and_refined(network, batch)
        terms = {}
        for name, output, weight in (("coarse", coarse, self.coarse), ("refined", refined, 1.0)):
            under = discounted_l1(output, truth, mask, batch["discount"])
            terms[name] = weight * (self.mask * under + self.valid * reconstruction(output, truth, mask).valid)
        if self.adversarial:
            inpainted = composited(refined, batch)
            scores = [critic(self._seen(name, inpainted, mask)) for name, critic in discriminators.items()]
            terms["adversarial"] = self.adversarial * torch.stack([GAN.network(score) for score in scores]).sum()
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self.adversarial:
            return {}
        terms: Terms = {}
        with torch.no_grad():
            inpainted = composited(self.inpaint(network, batch), batch)
        for name, critic in discriminators.items():
            real, fake, mask = (
                self._seen(name, images, batch["mask"]) for images in (batch["truth"], inpainted, batch["mask"])
            )
            terms[f"critic_{name}"] = GAN.discriminator(critic(real), critic(fake))
            terms[f"penalty_{name}"] = self.penalty * gradient_penalty(critic, real, fake, mask)
        return terms

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "attention_generator", {"width": self.width}

    def _seen(self, critic: str, images: Tensor, mask: Tensor) -> Tensor:
        """What a critic sees of images: all, or the surroundings of the mask, of half the size, as in the paper."""
        return images if critic == "whole" else around(images, mask, self.size // 2)


def _coarse_and_refined(network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    coarse, refined = network(batch["truth"] * (1 - batch["mask"]), batch["mask"])
    return coarse, refined
