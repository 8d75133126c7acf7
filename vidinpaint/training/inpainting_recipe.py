"""Recipes of networks that inpaint: masks to train with, and an adversarial loss."""

from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose, setting
from vidinpaint.training.data.masks import KINDS
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.recipe import Batch, PhotoRecipe, Terms


@dataclass(frozen=True)
class InpaintingRecipe(PhotoRecipe):
    """Recipe of a network that inpaints images or windows of frames, with random masks."""

    size: int = setting(128, "Side of an example, in pixels.")
    batch_size: int = setting(8, "Examples per step.")
    kinds: str = setting(
        "irregular,irregular,free_form,box",
        "Kinds of masks, equally likely, separated by commas: irregular, free_form, box, object, noise.",
    )
    held_out: int = setting(96, "Number of validation examples.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for kind in self.mask_kinds:
            if kind not in KINDS:
                raise SettingError("kinds of masks, separated by commas", repr(self.kinds), choose(kind, KINDS))

    @property
    def mask_kinds(self) -> list[str]:
        """The kinds of masks as a list."""
        return self.kinds.split(",")

    @abstractmethod
    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """The network's result for a batch, of the shape of `truth`; used under the mask only."""


@dataclass(frozen=True)
class AdversarialRecipe(InpaintingRecipe):
    """Inpainting recipe with the hinge loss of one patch discriminator, which sees images, masks and sketches."""

    adversarial: float = setting(0.0, "Weight of the adversarial term; 0: no discriminator.")
    adversarial_from: int = setting(0, "First step with the adversarial term.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")

    @abstractmethod
    def discriminator(self) -> nn.Module:
        """The discriminator: channels of image, mask and sketch to scores."""

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        return nn.ModuleDict({"patch": self.discriminator()} if self.adversarial else {})

    def adversarial_terms(self, discriminators: nn.ModuleDict, inpainted: Tensor, batch: Batch, step: int) -> Terms:
        """The network's adversarial term of composited results; {} before `adversarial_from`."""
        if not self._is_adversarial(step):
            return {}
        score = discriminators["patch"](_discriminator_input(inpainted, batch))
        return {"adversarial": self.adversarial * gan_loss("hinge").network(score)}

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self._is_adversarial(step):
            return {}
        with torch.no_grad():
            inpainted = composited(self.inpaint(network, batch), batch)
        scores = (discriminators["patch"](_discriminator_input(x, batch)) for x in (batch["truth"], inpainted))
        return {"discriminator": gan_loss("hinge").discriminator(*scores)}

    def _is_adversarial(self, step: int) -> bool:
        return self.adversarial > 0 and step >= self.adversarial_from


def composited(output: Tensor, batch: Batch) -> Tensor:
    """The output under the mask, the truth elsewhere."""
    return torch.where(batch["mask"] > 0, output, batch["truth"])


def _discriminator_input(images: Tensor, batch: Batch) -> Tensor:
    return torch.cat([images, *(batch[name] for name in ("mask", "sketch") if name in batch)], 1)
