"""`ImageRecipe`: what recipes of networks that inpaint pictures have in common: photos, masks, held-out figures, sheets."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose, setting
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.telea import Telea
from vidinpaint.training.data.masks import KINDS, Random
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.pictures import Example, examples, held_out
from vidinpaint.training.data.tensors import picture_of
from vidinpaint.training.recipe import Batch, Recipe

SHOWN = 8
"""Pictures on a sheet."""
AT_ONCE = 8
"""Held-out pictures that are inpainted at once."""


@dataclass(frozen=True)
class ImageRecipe(Recipe):
    """Recipe of a network that is called `network(image, mask)` and inpaints pictures."""

    photos: str = setting("", "Folder of photos to train on.")
    validation: str = setting("", "Folder of photos to validate on.")
    size: int = setting(128, "Side of a crop, in pixels.")
    batch_size: int = setting(8, "Crops per step.")
    kinds: str = setting(
        "irregular,irregular,free_form,box",
        "Kinds of masks, each as likely, with commas between: irregular, free_form, box, noise.",
    )
    colour: float = setting(0.0, "How much brightness and colours of a crop are changed; 0: not at all.")
    held_out: int = setting(96, "Crops that are validated on.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for kind in self.kinds.split(","):
            if kind not in KINDS:
                raise SettingError("kinds of masks, with commas between", repr(self.kinds), choose(kind, KINDS))

    def batch(self, random: Random) -> Batch:
        """See `Recipe`: truth, mask and start as of `Example.tensors`."""
        kinds = self.kinds.split(",")
        return examples(random, Photos(self.photos), self.batch_size, self.size, kinds, self.colour).tensors()

    @abstractmethod
    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """What the network makes of a batch in the end, (N, 3, H, W); used under the mask only."""

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean |error| under the masks of the held-out crops, 0 to 1, beside that of two inpainters without weights."""
        example, others = _held_out(self.validation, self.held_out, self.size)
        return {"mask_l1": mask_error(self.inpainted(network, example), example), **others}

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: with mask, the start, inpainted, truth."""
        example, _ = _held_out(self.validation, self.held_out, self.size)
        few = Example(example.truth[:SHOWN], example.mask[:SHOWN], example.start[:SHOWN])
        masked = np.where(few.mask[..., None], np.float32(0.5), few.truth)
        rows = [np.hstack(list(row)) for row in (masked, few.start, self.inpainted(network, few), few.truth)]
        return np.asarray(np.rint(np.vstack(rows) * 255), np.uint8)

    def inpainted(self, network: nn.Module, example: Example) -> np.ndarray:
        """The pictures (N, H, W, 3) in [0, 1] with their masks inpainted by the network as it is used: not learning."""
        learning, device = network.training, next(network.parameters()).device
        network.eval()
        with torch.inference_mode():
            made = [
                _colours(self.inpaint(network, {name: value.to(device) for name, value in part.tensors().items()}))
                for part in _parts(example)
            ]
        network.train(learning)
        return np.where(example.mask[..., None], np.concatenate(made), example.truth)


def finished(output: Tensor, batch: Batch) -> Tensor:
    """The output under the mask, the truth elsewhere."""
    return torch.where(batch["mask"] > 0, output, batch["truth"])


def mask_error(inpainted: np.ndarray, example: Example) -> float:
    """Mean |inpainted - truth| over all pixels of all masks."""
    return float(np.abs(inpainted - example.truth)[example.mask].mean(dtype=np.float64))


def _colours(output: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] as (N, H, W, 3) in [0, 1]."""
    return np.clip(picture_of(output + 1) / 2, 0, 1)


def _parts(example: Example) -> Iterator[Example]:
    for first in range(0, len(example.truth), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        yield Example(example.truth[part], example.mask[part], example.start[part])


@cache
def _held_out(folder: str, count: int, size: int) -> tuple[Example, dict[str, float]]:
    """The held-out crops and what inpainters without weights make of them."""
    example = held_out(Photos(folder), count, size)
    others: dict[str, ImageInpainter] = {"harmonic_l1": Harmonic(), "telea_l1": Telea()}
    figures = {}
    for name, inpainter in others.items():
        inpainted = [inpaint_array(inpainter, truth, mask) for truth, mask in zip(example.truth, example.mask)]
        figures[name] = mask_error(np.stack(inpainted), example)
    return example, figures
