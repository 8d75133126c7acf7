"""3D gated convolutions over windows of frames, with a term against flicker and a Temporal PatchGAN.

L1 to the truth under the masks; the same for the changes from frame to frame, so that what is inpainted moves as the
truth does; perceptual and style terms frame by frame; the hinge loss of a discriminator that scores patches of space
and time. Source: Chang 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN, section 3; the
term against flicker is ours, as windows made of photos know how the truth moves.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose, setting
from vidinpaint.networks.gated_generator3d import GatedGenerator3d
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.training.data.masks import KINDS, Random
from vidinpaint.training.data.tensors import picture_of, tensor_of
from vidinpaint.training.data.windows import Windows, window_batch
from vidinpaint.training.discriminators.temporal_patch import TemporalPatch
from vidinpaint.training.features.choice import feature_network
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.perceptual import perceptual
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.losses.style import style
from vidinpaint.training.losses.temporal import flicker
from vidinpaint.training.recipe import Batch, Recipe, Terms

SHOWN = 4
"""Windows on a sheet, each with its first, middle and last frame."""


@dataclass(frozen=True)
class Conv3d(Recipe):
    """3D gated convolutions over windows of frames."""

    photos: str = setting("", "Folder of photos to train on, which are made to move.")
    validation: str = setting("", "Folder of photos to validate on.")
    clips: str = setting("", "Folder of clips, for half of the windows; empty: photos alone.")
    frames: int = setting(8, "Frames of a window.")
    size: int = setting(64, "Sides of a window, in pixels, a multiple of 4.")
    batch_size: int = setting(2, "Windows per step.")
    kinds: str = setting(
        "irregular,irregular,free_form,box",
        "Kinds of masks, each as likely, with commas between: irregular, free_form, box, noise.",
    )
    held_out: int = setting(24, "Windows that are validated on.")
    width: int = setting(16, "Channels of the network at full size.")
    mask: float = setting(6.0, "Weight of L1 under the mask.")
    temporal: float = setting(6.0, "Weight of the changes from frame to frame under the mask.")
    features: str = setting(
        "derivatives", "Compared by the perceptual and style terms: derivatives, vgg16, vgg16:PATH."
    )
    perceptual: float = setting(0.0, "Weight of the perceptual term; 0: none.")
    style: float = setting(0.0, "Weight of the style term; 0: none.")
    adversarial: float = setting(0.0, "Weight of the discriminator's opinion; 0: no discriminator.")
    adversarial_from: int = setting(0, "Step from which it counts.")
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")
    discriminator_layers: int = setting(6, "Layers of the discriminator; 6 in the paper.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for kind in self.kinds.split(","):
            if kind not in KINDS:
                raise SettingError("kinds of masks, with commas between", repr(self.kinds), choose(kind, KINDS))

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return GatedGenerator3d(width=self.width)

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`."""
        discriminator = (
            {"patch": TemporalPatch(4, self.discriminator_width, self.discriminator_layers)} if self.adversarial else {}
        )
        return nn.ModuleDict(discriminator)

    def batch(self, random: Random) -> Batch:
        """See `Recipe`; see `window_batch`."""
        windows = Windows(self.photos, self.clips, self.frames, self.size, self.kinds.split(","))
        return window_batch([windows.draw(random) for _ in range(self.batch_size)])

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        inpainted, truth, mask = network(batch["truth"], batch["mask"]), batch["truth"], batch["mask"]
        terms = {
            "mask": self.mask * reconstruction(inpainted, truth, mask).mask,
            "temporal": self.temporal * flicker(inpainted, truth, mask),
        }
        if self.perceptual or self.style:
            features = feature_network(self.features).to(inpainted.device)
            found, wanted = (features(window.transpose(1, 2).flatten(0, 1)) for window in (inpainted, truth))
            for name, weight, compare in (("perceptual", self.perceptual, perceptual), ("style", self.style, style)):
                if weight:
                    terms[name] = weight * compare(found, wanted)
        if self._judged(step):
            score = discriminators["patch"](torch.cat([inpainted, mask], 1))
            terms["adversarial"] = self.adversarial * gan_loss("hinge").network(score)
        return terms

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not self._judged(step):
            return {}
        with torch.no_grad():
            inpainted = network(batch["truth"], batch["mask"])
        real, fake = (
            discriminators["patch"](torch.cat([one, batch["mask"]], 1)) for one in (batch["truth"], inpainted)
        )
        return {"discriminator": gan_loss("hinge").discriminator(real, fake)}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean |error| under the masks and of the changes from frame to frame, 0 to 1, on held-out windows.

        Beside those of the same network given one frame at a time, and of each frame's smooth fill.
        """
        batch, smooth = self._held_out()
        inpainted = _inpainted(network, batch, apart=False)
        apart = _inpainted(network, batch, apart=True)
        figures = {}
        for name, window in (("", inpainted), ("apart_", apart), ("harmonic_", smooth)):
            figures[f"{name}l1"] = _share(reconstruction(window, batch["truth"], batch["mask"]).mask, batch)
            figures[f"{name}flicker"] = _flicker(window, batch)
        return figures

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: with mask, each frame's smooth fill, inpainted, truth."""
        batch, smooth = self._held_out()
        few, smooth = {name: value[:SHOWN] for name, value in batch.items()}, smooth[:SHOWN]
        rows = [few["truth"] * (1 - few["mask"]), smooth, _inpainted(network, few, apart=False), few["truth"]]
        times = (0, self.frames // 2, self.frames - 1)
        shown = torch.cat([torch.cat([one[:, t] for one in row for t in times], 2) for row in rows], 1)
        return np.rint(np.clip(picture_of(shown + 1) * 127.5, 0, 255)).astype(np.uint8)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "gated_generator3d", {"width": self.width}

    def _judged(self, step: int) -> bool:
        return self.adversarial > 0 and step >= self.adversarial_from

    def _held_out(self) -> tuple[Batch, Tensor]:
        return _held_out(self.validation, self.frames, self.size, self.held_out)


@cache
def _held_out(folder: str, frames: int, size: int, count: int) -> tuple[Batch, Tensor]:
    """Windows that are always the same, and the smooth fill of each of their frames, in [-1, 1]."""
    windows = Windows(folder, "", frames, size, ["irregular", "box"])
    drawn = [windows.draw(np.random.default_rng((3, number))) for number in range(count)]
    smooth = np.stack(
        [smooth_interpolation(np.where(masks[..., None], np.float32(0), shown), masks) for shown, masks in drawn]
    )
    return window_batch(drawn), (tensor_of(smooth) * 2 - 1).transpose(1, 2)


def _inpainted(network: nn.Module, batch: Batch, apart: bool) -> Tensor:
    """The windows inpainted by the network as it is used, not learning; apart: as windows of one frame."""
    learning, device = network.training, next(network.parameters()).device
    network.eval()
    inpainted = []
    with torch.inference_mode():
        for truth, mask in zip(batch["truth"].to(device), batch["mask"].to(device)):
            window = [truth, mask]
            if apart:
                frames = network(*(value.transpose(0, 1)[:, :, None] for value in window))
                inpainted.append(frames[:, :, 0].transpose(0, 1).cpu())
            else:
                inpainted.append(network(*(value[None] for value in window))[0].cpu())
    network.train(learning)
    return torch.stack(inpainted)


def _share(mean: Tensor, batch: Batch) -> float:
    """A mean over all values of [-1, 1] as one over those under the mask, of [0, 1]."""
    return float(mean / batch["mask"].mean() / 2)


def _flicker(window: Tensor, batch: Batch) -> float:
    """Mean |change of the error| where two frames in a row have a mask, of [0, 1]."""
    mask = batch["mask"]
    both = (mask[:, :, 1:] * mask[:, :, :-1]).mean()
    return float(flicker(window, batch["truth"], mask) / both / 2)
