"""What a recipe is: the network, its examples and its losses. The trainer does the rest."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from torch import Tensor, nn

from vidinpaint.core.settings import Settings

Batch = dict[str, Tensor]
Terms = dict[str, Tensor]


class Recipe(Settings, ABC):
    """A frozen dataclass whose fields are its settings, one a file in `recipes`, found by the name of the file.

    All chance comes from the generators that are given, and from torch's, which the trainer seeds before every step:
    so a step depends on its number and on what the networks were before it, and a run that was stopped goes on as if it
    had not been.
    """

    @abstractmethod
    def network(self) -> nn.Module:
        """The network to be trained, with its first weights from torch's generator."""

    def discriminators(self) -> nn.ModuleDict:
        """The discriminators; none where there is no adversary."""
        return nn.ModuleDict()

    @abstractmethod
    def batch(self, random: np.random.Generator) -> Batch:
        """Examples for one step, on the CPU; called in a thread beside the step before."""

    @abstractmethod
    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """Weighted terms by name; their sum is to fall."""

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """The discriminators' weighted terms by name; none: the discriminators rest in this step."""
        return {}

    @abstractmethod
    def validate(self, network: nn.Module) -> dict[str, float]:
        """Figures on examples that are never trained on, always the same; the first one is to fall."""

    @abstractmethod
    def sheet(self, network: nn.Module) -> np.ndarray:
        """uint8 (H, W, 3) RGB: what the network makes of a few examples."""

    @abstractmethod
    def description(self) -> tuple[str, dict[str, Any]]:
        """Name of the network and the settings it is built with, as they stand beside its weights."""
