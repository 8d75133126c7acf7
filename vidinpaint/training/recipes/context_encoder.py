"""Context encoder: the centre of an image from its surroundings, with L2 and a discriminator of centres.

    0.999 L2 + 0.001 L_adversarial

L2 counts ten times where the centre overlaps its surroundings. The paper's discriminator is a DCGAN with one score per
centre; ours scores patches (`Patch`), which needs fewer weights. Source: Pathak 2016, Context Encoders: Feature
Learning by Inpainting, sections 3.2 and 4.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.context_encoder import CENTRE, OVERLAP, SIDE, hidden_part
from vidinpaint.networks.context_encoder import ContextEncoder as ContextEncoderNetwork
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.training.data.colour import recoloured
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.pictures import Example
from vidinpaint.training.data.tensors import tensor_of
from vidinpaint.training.discriminators.patch import Patch
from vidinpaint.training.image_recipe import ImageRecipe, mask_error
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.overlap import overlap_l2
from vidinpaint.training.recipe import Batch, Terms

GAN = gan_loss("vanilla")


@dataclass(frozen=True)
class ContextEncoder(ImageRecipe):
    """The centre of an image of 128 x 128 pixels. The masks are always this centre: `kinds` has no effect."""

    size: int = setting(SIDE, "Side of an example, in pixels; the network has no other.", low=SIDE, high=SIDE)
    batch_size: int = setting(64, "Examples per step; at least 2, for batch normalisation.", low=2)
    width: int = setting(64, "Channels of the first layer; 64 in the paper.")
    bottleneck: int = setting(4000, "Channels of one pixel, 4000 in the paper; 0: the channel-wise layer.", low=0)
    reconstruction: float = setting(0.999, "Weight of L2.")
    adversarial: float = setting(0.001, "Weight of the adversarial term; 0: no discriminator.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return ContextEncoderNetwork(width=self.width, bottleneck=self.bottleneck)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        return nn.ModuleDict({"patch": Patch(3, self.discriminator_width)} if self.adversarial else {})

    def batch(self, random: Random) -> Batch:
        """See `ImageRecipe`; without a start, which the network does not need."""
        photos = Photos(self.photos)
        truth = [recoloured(random, photos.crop(random, SIDE, SIDE), self.colour) for _ in range(self.batch_size)]
        images = tensor_of(np.stack(truth)) * 2 - 1
        return {"truth": images, "mask": tensor_of(centre_masks(self.batch_size)[..., None])}

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        output: Tensor = network(batch["truth"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        centre = self._centre(network, batch)
        terms = {"reconstruction": self.reconstruction * overlap_l2(centre, _centre_of(batch["truth"]), OVERLAP)}
        if self.adversarial:
            terms["adversarial"] = self.adversarial * GAN.network(discriminators["patch"](centre))
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self.adversarial:
            return {}
        patch, truth = discriminators["patch"], _centre_of(batch["truth"])
        return {"discriminator": GAN.discriminator(patch(truth), patch(self._centre(network, batch).detach()))}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean |error| under the masks of held-out crops, 0 to 1, and that of smooth interpolation."""
        example = self.held_out_example()
        inpainted = self.inpainted(network, example)
        return {"mask_l1": mask_error(inpainted, example), "harmonic_l1": mask_error(example.start, example)}

    def held_out_example(self) -> Example:
        """Crops whose centres are masked."""
        return _held_out(self.validation, self.held_out)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "context_encoder", {"width": self.width, "bottleneck": self.bottleneck}

    def _centre(self, network: nn.Module, batch: Batch) -> Tensor:
        """The synthesised centre, calculated once per step and kept with the batch."""
        if "centre" not in batch:
            batch["centre"] = _centre_of(self.inpaint(network, batch))
        return batch["centre"]


def centre_masks(count: int) -> np.ndarray:
    """bool (count, 128, 128): True in the part that the network does not see."""
    masks = np.zeros((count, SIDE, SIDE), bool)
    masks[:, hidden_part(), hidden_part()] = True
    return masks


def _centre_of(images: Tensor) -> Tensor:
    margin = (SIDE - CENTRE) // 2
    return images[..., margin:-margin, margin:-margin]


@cache
def _held_out(folder: str, count: int) -> Example:
    random, photos = np.random.default_rng(0), Photos(folder)
    truth, masks = np.stack([photos.crop(random, SIDE, SIDE) for _ in range(count)]), centre_masks(count)
    return Example(truth, masks, smooth_interpolation(truth, masks))
