"""`LearnedInpainter`: the base of learned inpainters, from an image of any size to the input of a network and back.

An image with a side longer than `largest` is downscaled for the network and not divided into tiles: the network has to
see across the mask, and a tile in the middle of a large mask holds no known pixel. Only the difference from the smooth
start is enlarged and added to the start at full size, so that known pixels do not change and the border shows no step.
A side that is not a multiple of what the network requires is extended by its mirror image.
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

MIN_MARGIN = 64  # known pixels that a network sees on each side of a mask


@dataclass(frozen=True)
class LearnedInpainter(ImageInpainter, Learned):
    """An image inpainter that runs a network. It declares `known_weights`, see `vidinpaint.weights.catalogue`.

    The memory grows with the square of `largest`, or with attention with its fourth power: a method with attention
    declares a lower limit for `largest`.
    """

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first installed.")
    device: str = setting("auto", "Device of the network: auto, cpu, cuda, cuda:1 ...")
    largest: int = setting(512, "Largest side of the network's input.", low=64, high=4096, unit="pixels")

    def margin(self, height: int, width: int) -> int:
        return max(MIN_MARGIN, min(height, width))

    def unavailable_reason(self) -> str:
        """See `ImageInpainter`."""
        return unavailable_reason(self.weights_path)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        return self._inpainted(image, mask, self.run_network)

    def _inpainted(self, image: np.ndarray, mask: np.ndarray, run: Run) -> np.ndarray:
        """Inpaint with run, from the smooth start, at the size that the network takes."""
        require_torch()
        start = smooth_start(image, mask)
        with deterministic(), one_torch_thread():
            return inpainted_within(self.largest, start, mask, run)

    @abstractmethod
    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """start float32 (H, W, 3) in [0, 1], smooth under mask bool (H, W), True = inpaint; returns (H, W, 3)."""

    def weights_path(self) -> Path:
        """The file of weights to use; raises WeightsError, which says where to get one, if there is none."""
        return find(self._name, self.weights, self.known_weights)

    def torch_device(self) -> "torch.device":
        """The torch device that the setting `device` names."""
        return device_named(self.device)


def inpainted_within(max_side: int, start: np.ndarray, mask: np.ndarray, run: Run) -> np.ndarray:
    """The result of run(start, mask), float32 (H, W, 3), computed downscaled if a side is longer than max_side."""
    return run(start, mask) if max(mask.shape) <= max_side else inpainted_at(max_side, start, mask, run)


def inpainted_at(side: int, start: np.ndarray, mask: np.ndarray, run: Run) -> np.ndarray:
    """The result of run(start, mask), float32 (H, W, 3), computed scaled so that the longest side is `side` pixels."""
    height, width = mask.shape
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    down, up = cv2.INTER_AREA, cv2.INTER_CUBIC
    there, back = (down, up) if scale < 1 else (up, down)
    scaled = cv2.resize(start, size, interpolation=there)
    covered = cv2.resize(mask.astype(np.float32), size, interpolation=down) > 0
    added = np.where(covered[..., None], run(scaled, covered) - scaled, 0).astype(np.float32)
    return start + np.asarray(cv2.resize(added, (width, height), interpolation=back))


def padded(start: np.ndarray, mask: np.ndarray, multiple: int) -> tuple[np.ndarray, np.ndarray]:
    """Both extended by mirror images at the bottom and right, to sides that are multiples of a number of pixels."""
    margins = [(0, -side % multiple) for side in mask.shape]
    return np.pad(start, [*margins, (0, 0)], mode="symmetric"), np.pad(mask, margins, mode="symmetric")


def tensors(start: np.ndarray, mask: np.ndarray, device: "torch.device") -> "tuple[torch.Tensor, torch.Tensor]":
    """image float (1, 3, H, W) in [-1, 1] and mask float (1, 1, H, W), 1 = inpaint, the inputs of a network."""
    import torch

    image = torch.from_numpy(start.transpose(2, 0, 1)[None] * np.float32(2) - np.float32(1))
    return image.to(device), torch.from_numpy(mask[None, None].astype(np.float32)).to(device)


def as_array(image: "torch.Tensor", height: int, width: int) -> np.ndarray:
    """float32 (height, width, 3) in [0, 1] from a tensor (1, 3, H, W) in [-1, 1], without the padding."""
    pixels = image[0, :, :height, :width].float().cpu().numpy().transpose(1, 2, 0)
    return np.ascontiguousarray(np.clip((pixels + 1) / 2, 0, 1))
