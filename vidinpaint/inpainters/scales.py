"""`CoarseToFine`: inpainters that inpaint large masks at half the size first, and the scales that they work on.

Known and unknown pixels never mix: a coarse pixel is the mean of the known pixels that it covers. The result at half
the size is the guess from which the full size starts, so nothing is divided into tiles, and there are no seams.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.progress import progress_range
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.numerics.morphology import distance_outside

COARSE_SHARE = 0.2  # of the time is spent on coarser sizes, each of which has a quarter of the pixels


@dataclass(frozen=True)
class Layer:
    """An image at one size, float32 (H, W, C) with C > 1, zero under the mask; mask bool (H, W), True = inpaint."""

    image: np.ndarray
    mask: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.mask.shape[0], self.mask.shape[1]


def downscaled(layer: Layer) -> Layer:
    """Half the size; a pixel is the mean of the known pixels that it covers, and known if at least half of them are."""
    height, width = layer.shape
    size = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize((~layer.mask).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(layer.image, size, interpolation=cv2.INTER_AREA)
    mask = weight < 0.5
    image = np.where(mask[..., None], 0, total / np.maximum(weight, 1e-6)[..., None])
    return Layer(image.astype(np.float32), mask)


def enlarged(inpainted: np.ndarray, layer: Layer) -> np.ndarray:
    """The image of the layer with the result at half its size, (h, w, C), enlarged under its mask."""
    larger = cv2.resize(inpainted, layer.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(layer.mask[..., None], larger, layer.image)


class CoarseToFine(ImageInpainter):
    """An inpainter that inpaints a mask that is too deep for it at half the size first, and refines the result.

    A method defines `refine`, and `max_depth` or `can_start`; it may replace `start`.
    """

    max_depth: ClassVar[float] = 0.0
    """Largest distance of a mask pixel to a known one, in pixels, for which `start` needs no coarser result."""

    def can_start(self, mask: np.ndarray) -> bool:
        """Whether a mask bool (H, W) can be inpainted at this size without the result of a coarser one."""
        return bool(distance_outside(mask).max() <= self.max_depth)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """As `inpaint`, for a mask that `can_start`; by default the solution of Laplace's equation, refined."""
        return self.refine(Harmonic().inpaint(image, mask), mask)

    @abstractmethod
    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """As `inpaint`, with a guess under the mask of image: the enlarged result of the coarser size."""

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        layer = Layer(image, mask)
        coarse = downscaled(layer)
        if self.can_start(mask) or not coarse.mask.any() or coarse.mask.all() or coarse.shape == layer.shape:
            return self.start(image, mask)
        with progress_range(0, COARSE_SHARE):
            guess = enlarged(self.inpaint(coarse.image, coarse.mask), layer)
        with progress_range(COARSE_SHARE, 1):
            return self.refine(guess, mask)
