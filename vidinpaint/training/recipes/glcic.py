"""GLCIC in three phases of one run: the network alone, the discriminator alone, both.

    1. L2 under the mask
    2. the discriminator, with the network's results
    3. L2 + 0.0004 L_adversarial, and the discriminator

The discriminator sees results whose known pixels are the truth, as a whole and around the mask. Of real images it sees
the place of another image's mask, as in the paper. L2 is of colours in [0, 1], the mean over all pixels. The paper
trains with Adadelta; here it is Adam, and the network's adversarial loss is the non-saturating one, as in the published
code (otenim/GLCIC-PyTorch).

Source: Iizuka 2017, Globally and Locally Consistent Image Completion, sections 3.3 and 3.4 and algorithm 1.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import setting
from vidinpaint.networks.glcic import Glcic as GlcicNetwork
from vidinpaint.training.discriminators.global_local import GlobalLocal, around
from vidinpaint.training.image_recipe import ImageRecipe
from vidinpaint.training.inpainting_recipe import composited
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.recipe import Batch, Terms

GAN = gan_loss("vanilla")


@dataclass(frozen=True)
class Glcic(ImageRecipe):
    """Dilated convolutions, against a discriminator of the image and of the mask's surroundings: three phases."""

    batch_size: int = setting(8, "Examples per step; at least 2, for batch normalisation; 96 in the paper.", low=2)
    kinds: str = setting("box", "Kinds of masks, as of the other recipes; boxes in the paper.")
    width: int = setting(64, "Channels of the first layer; 64 in the paper.")
    mean: str = setting("0.5,0.5,0.5", "Red, green and blue, 0 to 1, under masks; in the paper the mean of all photos.")
    network_steps: int = setting(90000, "Steps of the first phase, the network alone.", low=0)
    discriminator_steps: int = setting(10000, "Steps of the second phase, the discriminator alone.", low=0)
    adversarial: float = setting(4e-4, "Weight of the adversarial term in the third phase.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            valid = len(self.mean_colour) == 3 and all(0 <= value <= 1 for value in self.mean_colour)
        except ValueError:
            valid = False
        if not valid:
            expected = "glcic.mean with three numbers from 0 to 1, separated by commas"
            raise SettingError(expected, repr(self.mean), "Write e.g. 0.5,0.5,0.5.")

    @property
    def mean_colour(self) -> list[float]:
        """The mean colour as numbers."""
        return [float(value) for value in self.mean.split(",")]

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return GlcicNetwork(self.width, self.mean_colour)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        return nn.ModuleDict({"joined": GlobalLocal(self.discriminator_width)})

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        output: Tensor = network(batch["truth"], batch["mask"])
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`; nothing in the second phase."""
        if not self._trains_network(step):
            return {}
        result = self._result(network, batch, step)
        # colours in [-1, 1] are twice as far apart as in [0, 1]
        terms = {"l2": reconstruction(result, batch["truth"], batch["mask"], power=2).mask / 4}
        if self._trains_discriminator(step):
            score = self._score(discriminators, composited(result, batch), batch["mask"])
            terms["adversarial"] = self.adversarial * GAN.network(score)
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`; nothing in the first phase."""
        if not self._trains_discriminator(step):
            return {}
        truth, mask = batch["truth"], batch["mask"]
        real = self._score(discriminators, truth, mask.roll(1, 0))
        fake = self._score(discriminators, composited(self._result(network, batch, step).detach(), batch), mask)
        return {"discriminator": GAN.discriminator(real, fake)}

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "glcic", {"width": self.width, "mean": self.mean_colour}

    def _trains_network(self, step: int) -> bool:
        return step < self.network_steps or step >= self.network_steps + self.discriminator_steps

    def _trains_discriminator(self, step: int) -> bool:
        return step >= self.network_steps

    def _score(self, discriminators: nn.ModuleDict, images: Tensor, mask: Tensor) -> Tensor:
        """The score of images and of their parts, half as wide, around masks."""
        score: Tensor = discriminators["joined"](images, around(images, mask, self.size // 2))
        return score

    def _result(self, network: nn.Module, batch: Batch, step: int) -> Tensor:
        """The network's result for a batch, calculated once per step and kept with the batch."""
        if "result" not in batch:
            with torch.set_grad_enabled(self._trains_network(step)):
                batch["result"] = self.inpaint(network, batch)
        return batch["result"]
