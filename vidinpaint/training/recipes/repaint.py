"""The denoising U-Net of RePaint: it learns to predict the noise in a noisy image, without masks.

    L_simple = |noise - network(x_t, t)|^2,   t uniformly random, x_t as in `vidinpaint.networks.diffusion`

Source: Ho, Jain, Abbeel 2020, Denoising Diffusion Probabilistic Models, equation 14 and algorithm 1. Variances are
those of the schedule; they are not learned (Nichol and Dhariwal 2021), which needs another loss.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.resampling import resampled
from vidinpaint.networks.diffusion import Diffusion
from vidinpaint.networks.diffusion_unet import DiffusionUnet
from vidinpaint.training.data.masks import Random, irregular
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import rgb8_of, tensor_of
from vidinpaint.training.recipe import Batch, PhotoRecipe, Terms, evaluation

SHEET_IMAGES, STEPS, RESAMPLINGS, JUMP = 6, 25, 3, 5
"""Number of images on a sheet, and the settings of RePaint for them."""


@dataclass(frozen=True)
class RePaint(PhotoRecipe):
    """Denoising diffusion of images without masks, for RePaint."""

    size: int = setting(64, "Side of a crop, in pixels.")
    batch_size: int = setting(8, "Crops per step.")
    held_out: int = setting(64, "Number of validation crops.")
    width: int = setting(32, "Channels at full size.")
    multipliers: str = setting("1,1,2,3", "Factors on the channels at each size, separated by commas.")
    blocks: int = setting(1, "Residual blocks per size.")
    attention: str = setting("8", "Downscaling factors of the sizes with attention, separated by commas.")
    head: int = setting(32, "Channels per attention head.")
    schedule: str = setting("cosine", "Schedule of the noise: linear or cosine.")
    steps: int = setting(1000, "Number of noise steps.")
    dropout: float = setting(0.0, "Fraction of features dropped in training.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("multipliers", "attention"):
            _numbers(f"repaint.{name}", getattr(self, name))

    def network(self) -> nn.Module:
        """See `Recipe`."""
        _, settings = self.description()
        return DiffusionUnet(**settings, dropout=self.dropout)

    def batch(self, random: Random) -> Batch:
        """See `Recipe`: truth (N, 3, H, W) in [-1, 1]."""
        return {"truth": _crops(Photos(self.photos), random, self.batch_size, self.size)}

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        truth = batch["truth"]
        times = torch.randint(self.steps, (len(truth),)).to(truth.device)
        return {"noise": _noise_error(network, self._diffusion, truth, times, torch.randn(truth.shape).to(truth))}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean squared error of the predicted noise on held-out crops, over evenly spaced steps."""
        truth, times, noise = _held_out(self.validation, self.held_out, self.size, self.steps)
        errors = []
        with evaluation(network) as device:
            for first in range(0, len(truth), self.batch_size):
                part = slice(first, first + self.batch_size)
                inputs = (value[part].to(device) for value in (truth, times, noise))
                errors.append(float(_noise_error(network, self._diffusion, *inputs)) * len(truth[part]))
        return {"noise_error": sum(errors) / len(truth)}

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: masked image, inpainted with a few steps of RePaint, truth."""
        truth, _, _ = _held_out(self.validation, self.held_out, self.size, self.steps)
        truth, random = truth[:SHEET_IMAGES], np.random.default_rng(1)
        mask = tensor_of(np.stack([irregular(random, self.size, self.size, (0.1, 0.4)) for _ in truth])[..., None])
        diffusion = self._diffusion.respaced(STEPS)
        with evaluation(network) as device:
            image, masked = truth.to(device), mask.to(device)
            inpainted = resampled(network, diffusion, image, masked, RESAMPLINGS, JUMP, seed=0).cpu()
        rows = [torch.cat(list(row), 2) for row in (truth * (1 - mask), inpainted, truth)]
        return rgb8_of(torch.cat(rows, 1))

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "diffusion_unet", {
            "width": self.width,
            "multipliers": _numbers("repaint.multipliers", self.multipliers),
            "blocks": self.blocks,
            "attention": _numbers("repaint.attention", self.attention),
            "head": self.head,
            "variance": False,
            "schedule": self.schedule,
            "steps": self.steps,
        }

    @property
    def _diffusion(self) -> Diffusion:
        return _schedule(self.schedule, self.steps)


def _noise_error(network: nn.Module, diffusion: Diffusion, truth: Tensor, times: Tensor, noise: Tensor) -> Tensor:
    predicted: Tensor = network(diffusion.noised(truth, times, noise), times)
    return (predicted - noise).square().mean()


def _numbers(name: str, text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError:
        raise SettingError(
            f"{name} as whole numbers separated by commas", repr(text), "Write for example 1,2,4."
        ) from None


def _crops(photos: Photos, random: Random, count: int, size: int) -> Tensor:
    return tensor_of(np.stack([photos.crop(random, size, size) for _ in range(count)])) * 2 - 1


@cache
def _schedule(name: str, steps: int) -> Diffusion:
    return Diffusion.named(name, steps)


@cache
def _held_out(folder: str, count: int, size: int, steps: int) -> tuple[Tensor, Tensor, Tensor]:
    """The held-out crops, evenly spaced steps of the schedule, and noise."""
    random = np.random.default_rng(0)
    truth = _crops(Photos(folder), random, count, size)
    noise = torch.from_numpy(random.standard_normal(tuple(truth.shape), np.float32))
    return truth, torch.arange(count) * steps // count, noise
