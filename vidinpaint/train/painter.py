"""`Painter`: what recipes of nets that paint pictures have in common: photos, holes, held-out figures, sheets."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.errors import SettingError
from vidinpaint.fillers.interface import ImageInpainter, inpaint_array
from vidinpaint.fillers.pde.harmonic import Harmonic
from vidinpaint.fillers.pde.telea import Telea
from vidinpaint.settings import choose, setting
from vidinpaint.train.data.masks import KINDS, Random
from vidinpaint.train.data.photos import Photos
from vidinpaint.train.data.pictures import Example, examples, held_out
from vidinpaint.train.data.tensors import picture_of
from vidinpaint.train.recipe import Batch, Recipe

SHOWN = 8
"""Pictures on a sheet."""
AT_ONCE = 8
"""Held-out pictures that are painted at once."""


@dataclass(frozen=True)
class Painter(Recipe):
    """Recipe of a network that is called `net(image, mask)` and inpaints pictures."""

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
                raise SettingError("kinds of holes, with commas between", repr(self.kinds), choose(kind, KINDS))

    def batch(self, random: Random) -> Batch:
        """See `Recipe`: truth, hole and start as of `Example.tensors`."""
        kinds = self.kinds.split(",")
        return examples(random, Photos(self.photos), self.batch_size, self.size, kinds, self.colour).tensors()

    @abstractmethod
    def paint(self, net: nn.Module, batch: Batch) -> Tensor:
        """What the net makes of a batch in the end, (N, 3, H, W); used under the hole only."""

    def validate(self, net: nn.Module) -> dict[str, float]:
        """Mean |error| under the holes of the held-out crops, 0 to 1, beside that of two fillers without weights."""
        example, others = _held_out(self.validation, self.held_out, self.size)
        return {"hole_l1": hole_error(self.painted(net, example), example), **others}

    def sheet(self, net: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: with hole, the start, painted, truth."""
        example, _ = _held_out(self.validation, self.held_out, self.size)
        few = Example(example.truth[:SHOWN], example.hole[:SHOWN], example.start[:SHOWN])
        holed = np.where(few.hole[..., None], np.float32(0.5), few.truth)
        rows = [np.hstack(list(row)) for row in (holed, few.start, self.painted(net, few), few.truth)]
        return np.asarray(np.rint(np.vstack(rows) * 255), np.uint8)

    def painted(self, net: nn.Module, example: Example) -> np.ndarray:
        """The pictures (N, H, W, 3) in [0, 1] with their holes painted by the net as it is used: not learning."""
        learning, device = net.training, next(net.parameters()).device
        net.eval()
        with torch.inference_mode():
            made = [
                _colours(self.paint(net, {name: value.to(device) for name, value in part.tensors().items()}))
                for part in _parts(example)
            ]
        net.train(learning)
        return np.where(example.hole[..., None], np.concatenate(made), example.truth)


def finished(output: Tensor, batch: Batch) -> Tensor:
    """The output under the hole, the truth elsewhere."""
    return torch.where(batch["hole"] > 0, output, batch["truth"])


def hole_error(painted: np.ndarray, example: Example) -> float:
    """Mean |painted - truth| over all pixels of all holes."""
    return float(np.abs(painted - example.truth)[example.hole].mean(dtype=np.float64))


def _colours(output: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] as (N, H, W, 3) in [0, 1]."""
    return np.clip(picture_of(output + 1) / 2, 0, 1)


def _parts(example: Example) -> Iterator[Example]:
    for first in range(0, len(example.truth), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        yield Example(example.truth[part], example.hole[part], example.start[part])


@cache
def _held_out(folder: str, count: int, size: int) -> tuple[Example, dict[str, float]]:
    """The held-out crops and what fillers without weights make of them."""
    example = held_out(Photos(folder), count, size)
    others: dict[str, ImageInpainter] = {"harmonic_l1": Harmonic(), "telea_l1": Telea()}
    figures = {}
    for name, filler in others.items():
        painted = [inpaint_array(filler, truth, hole) for truth, hole in zip(example.truth, example.hole)]
        figures[name] = hole_error(np.stack(painted), example)
    return example, figures
