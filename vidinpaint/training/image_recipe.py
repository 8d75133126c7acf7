"""`ImageRecipe`: recipe of networks that inpaint images: examples, validation and sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.telea import Telea
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.pictures import Example, examples, held_out
from vidinpaint.training.data.tensors import array_of, tensor_of
from vidinpaint.training.features.feature_network import feature_network
from vidinpaint.training.inpainting_recipe import InpaintingRecipe
from vidinpaint.training.losses.deep_distance import deep_distance
from vidinpaint.training.recipe import Batch, evaluation

SHEET_IMAGES = 8
VALIDATION_BATCH = 8


@dataclass(frozen=True)
class ImageRecipe(InpaintingRecipe):
    """Recipe of a network that is called `network(image, mask)` and inpaints images."""

    colour: float = setting(0.0, "Strength of random changes of brightness and colour; 0: none.")

    def batch(self, random: Random) -> Batch:
        """See `Recipe`: truth, mask and start as of `Example.tensors`."""
        photos = Photos(self.photos)
        return examples(random, photos, self.batch_size, self.size, self.mask_kinds, self.colour).tensors()

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean |error| under the masks of held-out crops, 0 to 1, and that of two inpainters without weights."""
        example = self.held_out_example()
        others = _errors_without_weights(self.validation, self.held_out, self.size)
        return {"mask_l1": mask_error(self.inpainted(network, example), example), **others}

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; rows: masked image, start, inpainted image, truth."""
        example = self.held_out_example()
        few = example[:SHEET_IMAGES]
        masked = np.where(few.mask[..., None], np.float32(0.5), few.truth)
        rows = [np.hstack(list(row)) for row in (masked, few.start, self.inpainted(network, few), few.truth)]
        return np.asarray(np.rint(np.vstack(rows) * 255), np.uint8)

    def held_out_example(self) -> Example:
        """The held-out crops with their masks, the same at each call."""
        return held_out_example(self.validation, self.held_out, self.size)

    def inpainted(self, network: nn.Module, example: Example) -> np.ndarray:
        """The images (N, H, W, 3) in [0, 1], inpainted by the network in evaluation mode."""
        with evaluation(network) as device:
            outputs = [
                _image_values(self.inpaint(network, {name: value.to(device) for name, value in part.tensors().items()}))
                for part in _parts(example)
            ]
        return np.where(example.mask[..., None], np.concatenate(outputs), example.truth)


def mask_error(inpainted: np.ndarray, example: Example) -> float:
    """Mean |inpainted - truth| over all masked pixels."""
    return float(np.abs(inpainted - example.truth)[example.mask].mean(dtype=np.float64))


def mean_deep_distance(features: str, inpainted: np.ndarray, truth: np.ndarray) -> float:
    """Mean `deep_distance` of images (N, H, W, 3) in [0, 1], with a `feature_network` of this name."""
    network = feature_network(features).cpu()  # training may have moved it
    parts = (tensor_of(images).mul(2).sub(1).split(VALIDATION_BATCH) for images in (inpainted, truth))
    return float(np.mean([float(deep_distance(network(a), network(b))) for a, b in zip(*parts)]))


def _image_values(output: Tensor) -> np.ndarray:
    """(N, 3, H, W) in [-1, 1] as (N, H, W, 3) in [0, 1]."""
    return np.clip(array_of(output + 1) / 2, 0, 1)


def _parts(example: Example) -> Iterator[Example]:
    for first in range(0, len(example.truth), VALIDATION_BATCH):
        yield example[first : first + VALIDATION_BATCH]


@cache
def held_out_example(folder: str, count: int, size: int) -> Example:
    """The held-out crops, the same at each call."""
    return held_out(Photos(folder), count, size)


@cache
def _errors_without_weights(folder: str, count: int, size: int) -> dict[str, float]:
    """The errors of inpainters without weights on the held-out crops."""
    example = held_out_example(folder, count, size)
    others: dict[str, ImageInpainter] = {"harmonic_l1": Harmonic(), "telea_l1": Telea()}
    figures = {}
    for name, inpainter in others.items():
        inpainted = [inpaint_array(inpainter, truth, mask) for truth, mask in zip(example.truth, example.mask)]
        figures[name] = mask_error(np.stack(inpainted), example)
    return figures
