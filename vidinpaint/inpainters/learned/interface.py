"""`LearnedInpainter`: what every learned inpainter shares, from a picture of any size to what a network takes and back.

A picture that is longer than `largest` is made smaller for the network, not cut into tiles: what fills a mask has to
see across it, and a tile in the middle of a large mask sees nothing that is known. Only the difference from the smooth
start is enlarged again and added to the start at full size, so that known pixels stay and the border has no step.
A side that is no multiple of what the network needs is continued by its mirror image.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.learned.start import smooth_start
from vidinpaint.weights.catalogue import Learned, find
from vidinpaint.weights.running import deterministic, device_named, one_torch_thread, require_torch, unavailable_reason

if TYPE_CHECKING:
    import torch

Run = Callable[[np.ndarray, np.ndarray], np.ndarray]

AROUND = 64  # known pixels, at least, that a network sees on every side of a mask


@dataclass(frozen=True)
class LearnedInpainter(ImageInpainter, Learned):
    """An image inpainter that runs a network. It declares `known_weights`, see `vidinpaint.weights.catalogue`.

    Its memory grows with the square of `largest`; with attention, with the fourth power: such a method declares a lower
    limit for `largest`.
    """

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first that is installed.")
    device: str = setting("auto", "auto, cpu, cuda, cuda:1 ...")
    largest: int = setting(512, "Longest side that the network is given.", low=64, high=4096, unit="pixels")

    @property
    def _method(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def margin(self, height: int, width: int) -> int:
        return max(AROUND, min(height, width))

    def unavailable_reason(self) -> str:
        """See `ImageInpainter`."""
        return unavailable_reason(self.weights_path)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        return self._inpainted(image, mask, self.run_network)

    def _inpainted(self, image: np.ndarray, mask: np.ndarray, run: Run) -> np.ndarray:
        """The smooth start, and what run makes of it at the size that the network is given."""
        require_torch()
        start = smooth_start(image, mask)
        with deterministic(), one_torch_thread():
            return inpainted_within(self.largest, start, mask, run)

    @abstractmethod
    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """start float32 (H, W, 3) in [0, 1], smooth under the mask bool (H, W); returns (H, W, 3) inpainted."""

    def weights_path(self) -> Path:
        """The file of weights that is used; a WeightsError that says where to get one if there is none."""
        return find(self._method, self.weights, self.known_weights)

    def torch_device(self) -> "torch.device":
        """The device that the setting `device` means."""
        return device_named(self.device)


def inpainted_within(largest: int, start: np.ndarray, mask: np.ndarray, run: Run) -> np.ndarray:
    """What run(start, mask) inpaints, float32 (H, W, 3); at a smaller size where a side is longer than largest."""
    height, width = mask.shape
    scale = largest / max(height, width)
    if scale >= 1:
        return run(start, mask)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(start, size, interpolation=cv2.INTER_AREA)
    covered = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    added = np.where(covered[..., None], run(small, covered) - small, 0).astype(np.float32)
    return start + np.asarray(cv2.resize(added, (width, height), interpolation=cv2.INTER_CUBIC))


def padded(start: np.ndarray, mask: np.ndarray, multiple: int) -> tuple[np.ndarray, np.ndarray]:
    """Both continued by their mirror images at the bottom and at the right, to multiples of so many pixels."""
    more = [(0, -side % multiple) for side in mask.shape]
    return np.pad(start, [*more, (0, 0)], mode="symmetric"), np.pad(mask, more, mode="symmetric")


def tensors(start: np.ndarray, mask: np.ndarray, device: "torch.device") -> "tuple[torch.Tensor, torch.Tensor]":
    """image float (1, 3, H, W) in [-1, 1] and mask float (1, 1, H, W), 1 = inpaint, as networks take them."""
    import torch

    image = torch.from_numpy(start.transpose(2, 0, 1)[None] * np.float32(2) - np.float32(1))
    return image.to(device), torch.from_numpy(mask[None, None].astype(np.float32)).to(device)


def picture(image: "torch.Tensor", height: int, width: int) -> np.ndarray:
    """float32 (height, width, 3) in [0, 1] of a tensor (1, 3, H, W) in [-1, 1], without what was padded."""
    pixels = image[0, :, :height, :width].float().cpu().numpy().transpose(1, 2, 0)
    return np.ascontiguousarray(np.clip((pixels + 1) / 2, 0, 1))
