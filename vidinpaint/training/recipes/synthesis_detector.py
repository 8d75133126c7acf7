"""The synthesis detector on photos that were inpainted ahead (`training/data/inpainted_photos.py`).

A part of every batch are untouched photos. All images are rescaled, noisy or compressed at random, as a whole
(`training/data/degradation.py`), so that these traces do not tell inpainted from known pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.core.errors import ImageError
from vidinpaint.core.settings import setting
from vidinpaint.networks.synthesis_detector import SynthesisDetector as DetectorNetwork
from vidinpaint.training.data.degradation import degraded, smallest_side
from vidinpaint.training.data.inpainted_photos import InpaintedPhoto, InpaintedPhotos
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.photos import mirrored
from vidinpaint.training.data.tensors import array_of, tensor_of
from vidinpaint.training.recipe import Batch, Recipe, Terms, evaluation

SHEET_IMAGES = 8
DOWN = 4
"""Factor from the size of the image to that of the logits."""


@dataclass(frozen=True)
class SynthesisDetector(Recipe):
    """Tells inpainted from untouched pixels."""

    photos: str = setting("", "Folder of inpainted photos to train on, see `training.data.inpainted_photos`.")
    validation: str = setting("", "Folder of inpainted photos to validate on; all methods in it are used.")
    size: int = setting(128, "Side of an image, in pixels, a multiple of 4.", low=16, high=4096)
    batch_size: int = setting(16, "Images per step.", low=1, high=4096)
    untouched: float = setting(0.25, "Part of the images that are untouched photos.", low=0, high=1)
    width: int = setting(16, "Channels at full size.")
    held_out: int = setting(16, "Number of validation examples of each method.", low=1, high=100_000)

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return DetectorNetwork(self.width)

    def batch(self, random: np.random.Generator) -> Batch:
        """See `Recipe`: image (N, 3, H, W) in [-1, 1], mask (N, 1, H / 4, W / 4): synthesised part of each square."""
        return _tensors(self._image(random) for _ in range(self.batch_size))

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        return {"error": balanced_error(network(batch["image"]), batch["mask"])}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """On held-out examples, not degraded: the error, and the area under the ROC curve of pixels over the methods.

        The area is 1 where every inpainted pixel has a greater logit than every untouched one, 0.5 by chance. Methods
        that only the validation has are counted apart.
        """
        errors, areas = [], {}
        for method in InpaintedPhotos(self.validation).numbers:
            batch = held_out_batch(self.validation, method, self.held_out)
            logits = predicted(network, batch["image"])
            errors.append(float(balanced_error(logits, batch["mask"])))
            areas[method] = area_under_roc(logits, batch["mask"])
        trained = InpaintedPhotos(self.photos).numbers
        parts = {
            "AUC": [area for method, area in areas.items() if method in trained],
            "AUC of methods left out": [area for method, area in areas.items() if method not in trained],
        }
        return {"error": float(np.mean(errors)), **{name: float(np.mean(part)) for name, part in parts.items() if part}}

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: image, probability, mask; another photo and another method in each column."""
        columns = []
        for column, method in enumerate(list(InpaintedPhotos(self.validation).numbers)[:SHEET_IMAGES]):
            batch = held_out_batch(self.validation, method, self.held_out)
            one = slice(column % len(batch["image"]), column % len(batch["image"]) + 1)
            image = array_of((batch["image"][one] + 1) * 127.5)[0]
            maps = [torch.sigmoid(predicted(network, batch["image"][one])), batch["mask"][one]]
            enlarged = [F.interpolate(each, image.shape[:2])[0, 0].numpy()[..., None].repeat(3, -1) for each in maps]
            columns.append(np.vstack([image, *(each * 255 for each in enlarged)]))
        return np.asarray(np.rint(np.hstack(columns)), np.uint8)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "synthesis_detector", {"width": self.width}

    def _image(self, random: Random) -> tuple[np.ndarray, np.ndarray]:
        """A degraded image uint8 (H, W, 3), and its mask float32 (H, W)."""
        photos = InpaintedPhotos(self.photos)
        numbers = photos.numbers
        method = [*numbers][int(random.integers(len(numbers)))]
        photo = photos.read(method, numbers[method][int(random.integers(len(numbers[method])))])
        self._check_side(photo)
        image, mask = photo.result, photo.mask.astype(np.float32)
        if random.random() < self.untouched:
            image, mask = photo.truth, np.zeros_like(mask)
        both = mirrored(random, np.dstack([image, mask]))
        return degraded(random, both[..., :3].astype(np.uint8), np.ascontiguousarray(both[..., 3]), self.size)

    def _check_side(self, photo: InpaintedPhoto) -> None:
        side, least = min(photo.mask.shape), smallest_side(self.size)
        if side < least:
            remedy = f"Make the examples with --size {least}, or lower synthesis_detector.size."
            raise ImageError(f"examples of at least {least} pixels", f"{side} pixels", remedy)


def balanced_error(logits: Tensor, mask: Tensor) -> Tensor:
    """Binary cross-entropy, the mean of that of synthesised and that of untouched pixels.

    mask has the shape of the logits: the synthesised part of each square of pixels, which counts as both in this
    proportion.
    """
    logits = logits.float()
    parts = ((mask, F.softplus(-logits)), (1 - mask, F.softplus(logits)))
    means = [(weight * error).sum() / weight.sum().clamp(min=1) for weight, error in parts]
    return (means[0] + means[1]) / 2


def area_under_roc(logits: Tensor, mask: Tensor) -> float:
    """The probability that a synthesised square has a greater logit than an untouched one; others are left out."""
    inside, outside = logits[mask == 1].double(), logits[mask == 0].double()
    order = torch.cat([inside, outside]).argsort().argsort().double()
    above = order[: len(inside)].sum() - len(inside) * (len(inside) - 1) / 2
    return float(above / (len(inside) * len(outside)))


def predicted(network: nn.Module, images: Tensor) -> Tensor:
    """The logits of images (N, 3, H, W), on the CPU, in evaluation mode, in small parts."""
    with evaluation(network) as device:
        return torch.cat([network(part.to(device)).float().cpu() for part in images.split(8)])


@cache
def held_out_batch(folder: str, method: str, count: int) -> Batch:
    """The first examples of a method as a batch, see `SynthesisDetector.batch`."""
    photos = InpaintedPhotos(folder)
    read = (photos.read(method, number) for number in photos.numbers[method][:count])
    return _tensors((photo.result, photo.mask.astype(np.float32)) for photo in read)


def _tensors(images: Iterable[tuple[np.ndarray, np.ndarray]]) -> Batch:
    image, mask = (np.stack(parts) for parts in zip(*images))
    return {
        "image": tensor_of(image) / 127.5 - 1,
        "mask": F.avg_pool2d(torch.from_numpy(mask)[:, None], DOWN, ceil_mode=True),
    }
