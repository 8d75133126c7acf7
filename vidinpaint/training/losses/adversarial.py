"""Adversarial losses by name, each a pair: one for the discriminator and one for the network.

Scores have any shape; a high score means "real".
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose


class GANLoss(ABC):
    """A loss for the discriminator and one for the network."""

    @abstractmethod
    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Loss of the discriminator, from its scores of real and of inpainted images."""

    @abstractmethod
    def network(self, fake: Tensor) -> Tensor:
        """Loss of the network, from the scores of its results."""


class Vanilla(GANLoss):
    """Cross entropy, non-saturating for the network. Goodfellow 2014, Generative Adversarial Nets, section 3."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return softplus(-real).mean() + softplus(fake).mean()

    def network(self, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return softplus(-fake).mean()


class Hinge(GANLoss):
    """Hinge loss. Yu 2019, Free-Form Image Inpainting with Gated Convolution, section 3.2."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return relu(1 - real).mean() + relu(1 + fake).mean()

    def network(self, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return -fake.mean()


class Wasserstein(GANLoss):
    """Difference of the mean scores; needs a gradient penalty. Arjovsky 2017, Wasserstein GAN, algorithm 1."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return torch.mean(fake) - torch.mean(real)

    def network(self, fake: Tensor) -> Tensor:
        """See `GANLoss`."""
        return -fake.mean()


GAN_LOSSES: dict[str, GANLoss] = {"vanilla": Vanilla(), "hinge": Hinge(), "wasserstein": Wasserstein()}


def gan_loss(name: str) -> GANLoss:
    """One of `GAN_LOSSES`. Raises SettingError for another name."""
    if name not in GAN_LOSSES:
        raise SettingError("an adversarial loss", repr(name), choose(name, GAN_LOSSES))
    return GAN_LOSSES[name]
