"""What a critic and the net it judges play for: three games by name, each a pair of losses to be lowered.

Scores have any shape; high means "real".
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from vidinpaint.errors import SettingError
from vidinpaint.settings import choose


class Game(ABC):
    """A loss for the critic and one for the net."""

    @abstractmethod
    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        """What the critic lowers, from its scores of real and of painted pictures."""

    @abstractmethod
    def net(self, fake: Tensor) -> Tensor:
        """What the net lowers, from the scores of what it painted."""


class Vanilla(Game):
    """Cross entropy, the net's side not saturating. Goodfellow 2014, Generative Adversarial Nets, section 3."""

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `Game`."""
        return softplus(-real).mean() + softplus(fake).mean()

    def net(self, fake: Tensor) -> Tensor:
        """See `Game`."""
        return softplus(-fake).mean()


class Hinge(Game):
    """Scores count up to 1 only. Yu 2019, Free-Form Image Inpainting with Gated Convolution, section 3.2."""

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `Game`."""
        return relu(1 - real).mean() + relu(1 + fake).mean()

    def net(self, fake: Tensor) -> Tensor:
        """See `Game`."""
        return -fake.mean()


class Wasserstein(Game):
    """The distance of the mean scores; wants a gradient penalty. Arjovsky 2017, Wasserstein GAN, algorithm 1."""

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        """See `Game`."""
        return torch.mean(fake) - torch.mean(real)

    def net(self, fake: Tensor) -> Tensor:
        """See `Game`."""
        return -fake.mean()


GAMES: dict[str, Game] = {"vanilla": Vanilla(), "hinge": Hinge(), "wasserstein": Wasserstein()}


def game(name: str) -> Game:
    """One of `GAMES`; a SettingError that lists them for another name."""
    if name not in GAMES:
        raise SettingError("an adversarial loss", repr(name), choose(name, GAMES))
    return GAMES[name]
