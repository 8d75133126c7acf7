"""3D gated convolutions over windows of frames, with a term against flicker and a Temporal PatchGAN.

L1 to the truth under the masks; the same for the changes between frames, so that inpainted content moves as the truth
does; perceptual and style terms for each frame; the hinge loss of a discriminator of patches of space and time.
Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN, section 3. The term
against flicker is ours: in windows made of photos the motion of the truth is known.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.gated_generator3d import GatedGenerator3d
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.tensors import rgb8_of, tensor_of
from vidinpaint.training.data.windows import Windows, window_batch
from vidinpaint.training.discriminators.temporal_patch import TemporalPatch
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.inpainting_recipe import AdversarialRecipe
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.losses.temporal import flicker
from vidinpaint.training.recipe import Batch, Terms, evaluation

SHEET_WINDOWS = 4
"""Windows on a sheet, each with its first, middle and last frame."""


@dataclass(frozen=True)
class Conv3d(AdversarialRecipe):
    """3D gated convolutions over windows of frames, of moving photos."""

    clips: str = setting("", "Folder of clips for half of the windows; empty: photos only.")
    frames: int = setting(8, "Frames per window.")
    size: int = setting(64, "Side of a window, in pixels, a multiple of 4.")
    batch_size: int = setting(2, "Windows per step.")
    held_out: int = setting(24, "Number of validation windows.")
    width: int = setting(16, "Channels of the network at full size.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    temporal: float = setting(6.0, "Weight of L1 of the changes between frames under the mask.")
    features: str = setting(
        "derivatives", "Feature network of the perceptual and style terms: derivatives, lite0, vgg16, vgg16:PATH."
    )
    perceptual: float = setting(0.0, "Weight of the perceptual term; 0: none.")
    style: float = setting(0.0, "Weight of the style term; 0: none.")
    discriminator_layers: int = setting(6, "Layers of the discriminator; 6 in the paper.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return GatedGenerator3d(width=self.width)

    def discriminator(self) -> nn.Module:
        """See `AdversarialRecipe`."""
        return TemporalPatch(4, self.discriminator_width, self.discriminator_layers)

    def batch(self, random: Random) -> Batch:
        """See `Recipe`; see `window_batch`."""
        windows = Windows(self.photos, self.clips, self.frames, self.size, self.mask_kinds)
        return window_batch([windows.draw(random) for _ in range(self.batch_size)])

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`."""
        inpainted: Tensor = network(batch["truth"], batch["mask"])
        return inpainted

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        inpainted, truth, mask = self.inpaint(network, batch), batch["truth"], batch["mask"]
        terms = {
            "mask": self.mask * reconstruction(inpainted, truth, mask).mask,
            "temporal": self.temporal * flicker(inpainted, truth, mask),
        }
        images, true_images = (window.transpose(1, 2).flatten(0, 1) for window in (inpainted, truth))
        weights = {"perceptual": self.perceptual, "style": self.style}
        terms |= feature_terms(self.features, weights, [images], true_images)
        return terms | self.adversarial_terms(discriminators, inpainted, batch, step)

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean |error| under the masks, and of its changes between frames, 0 to 1, on held-out windows.

        The same figures follow for the network on single frames, and for the smooth interpolation of each frame.
        """
        batch, smooth = self._held_out()
        inpainted = _inpainted(network, batch, single_frames=False)
        single_frames = _inpainted(network, batch, single_frames=True)
        figures = {}
        for name, window in (("", inpainted), ("single_frame_", single_frames), ("harmonic_", smooth)):
            figures[f"{name}l1"] = _mean_under_mask(reconstruction(window, batch["truth"], batch["mask"]).mask, batch)
            figures[f"{name}flicker"] = _flicker(window, batch)
        return figures

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: masked frames, smooth interpolation, inpainted frames, truth."""
        batch, smooth = self._held_out()
        few, smooth = {name: value[:SHEET_WINDOWS] for name, value in batch.items()}, smooth[:SHEET_WINDOWS]
        rows = [few["truth"] * (1 - few["mask"]), smooth, _inpainted(network, few, single_frames=False), few["truth"]]
        times = (0, self.frames // 2, self.frames - 1)
        return rgb8_of(torch.cat([torch.cat([window[:, t] for window in row for t in times], 2) for row in rows], 1))

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "gated_generator3d", {"width": self.width}

    def _held_out(self) -> tuple[Batch, Tensor]:
        return _held_out(self.validation, self.frames, self.size, self.held_out)


@cache
def _held_out(folder: str, frames: int, size: int, count: int) -> tuple[Batch, Tensor]:
    """The held-out windows, and the smooth interpolation of each of their frames, in [-1, 1]."""
    windows = Windows(folder, "", frames, size, ["irregular", "box"])
    drawn = [windows.draw(np.random.default_rng((3, number))) for number in range(count)]
    smooth = np.stack([smooth_interpolation(frames, masks) for frames, masks in drawn])
    return window_batch(drawn), (tensor_of(smooth) * 2 - 1).transpose(1, 2)


def _inpainted(network: nn.Module, batch: Batch, single_frames: bool) -> Tensor:
    """The windows inpainted by the network in evaluation mode; single_frames: as windows of one frame."""
    inpainted = []
    with evaluation(network) as device:
        for window in zip(batch["truth"].to(device), batch["mask"].to(device)):
            if single_frames:
                frames = network(*(value.transpose(0, 1)[:, :, None] for value in window))
                inpainted.append(frames[:, :, 0].transpose(0, 1).cpu())
            else:
                inpainted.append(network(*(value[None] for value in window))[0].cpu())
    return torch.stack(inpainted)


def _mean_under_mask(mean: Tensor, batch: Batch) -> float:
    """A mean over all values in [-1, 1] as the mean over the masked ones, in [0, 1]."""
    return float(mean / batch["mask"].mean() / 2)


def _flicker(window: Tensor, batch: Batch) -> float:
    """Mean |change of the error| where two consecutive frames are masked, in [0, 1]."""
    mask = batch["mask"]
    both = (mask[:, :, 1:] * mask[:, :, :-1]).mean()
    return float(flicker(window, batch["truth"], mask) / both / 2)
