"""`Recipe`: what is trained, on which examples, with which losses. The trainer does the rest."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.settings import Settings, setting

Batch = dict[str, Tensor]
Terms = dict[str, Tensor]


class Recipe(Settings, ABC):
    """A frozen dataclass whose fields are its settings; the name of its module in `recipes` is its name.

    All random numbers come from the given generators and from torch's generator, which the trainer seeds before each
    step. So a step depends only on its number and on the networks before it, and an interrupted run continues exactly.
    """

    @abstractmethod
    def network(self) -> nn.Module:
        """The network to train, initialised from torch's generator."""

    def discriminators(self) -> nn.ModuleDict:
        """The discriminators. Default: none."""
        return nn.ModuleDict()

    @abstractmethod
    def batch(self, random: np.random.Generator) -> Batch:
        """Examples for one step, on the CPU; called in a thread while the previous step runs."""

    @abstractmethod
    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """Weighted terms by name; training minimises their sum. {}: the network is not trained in this step."""

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """The discriminators' weighted terms by name; {}: the discriminators are not trained in this step."""
        return {}

    @abstractmethod
    def validate(self, network: nn.Module) -> dict[str, float]:
        """Figures on held-out examples, the same at each call; training should lower the first one."""

    @abstractmethod
    def sheet(self, network: nn.Module) -> np.ndarray:
        """uint8 (H, W, 3) RGB: a picture with results of the network on a few held-out examples."""

    @abstractmethod
    def description(self) -> tuple[str, dict[str, Any]]:
        """Name of the network and the settings that it is built with, as saved with its weights."""


@dataclass(frozen=True)
class PhotoRecipe(Recipe):
    """Recipe that learns from a folder of photos."""

    photos: str = setting("", "Folder of photos to train on.")
    validation: str = setting("", "Folder of photos to validate on.")


@contextmanager
def evaluation(network: nn.Module) -> Iterator[torch.device]:
    """The network in evaluation mode and without gradients inside; yields the device of its parameters."""
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        yield next(network.parameters()).device
    network.train(was_training)
