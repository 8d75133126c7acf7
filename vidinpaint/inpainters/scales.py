"""Large masks at half the size first: pictures with masks at ever coarser sizes, and inpainters that work through them.

Known and unknown never mix: a coarse pixel is the mean of the known pixels that it covers. What was inpainted at half
the size becomes the guess that the full size starts from, so nothing is cut into tiles, and there are no seams.
"""

from abc import abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.progress import progress_range
from vidinpaint.inpainters.interface import ImageInpainter

SHARE_OF_COARSE = 0.2  # of the time, that the coarser sizes take: a quarter of the pixels each


@dataclass(frozen=True)
class Layer:
    """One size: image float32 (H, W, C) with C > 1, zero under the mask; mask bool (H, W)."""

    image: np.ndarray
    mask: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.mask.shape[0], self.mask.shape[1]


def downscaled(layer: Layer) -> Layer:
    """Half the size; a pixel is the mean of the known ones it covers, and known where half of them are."""
    height, width = layer.shape
    size = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize((~layer.mask).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(layer.image, size, interpolation=cv2.INTER_AREA)
    mask = weight < 0.5
    image = np.where(mask[..., None], 0, total / np.maximum(weight, 1e-6)[..., None])
    return Layer(image.astype(np.float32), mask)


def enlarged(inpainted: np.ndarray, layer: Layer) -> np.ndarray:
    """The layer's image with what was inpainted at half its size, (h, w, C), under its mask."""
    larger = cv2.resize(inpainted, layer.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(layer.mask[..., None], larger, layer.image)


def distance_to_known(mask: np.ndarray) -> np.ndarray:
    """float32 (H, W), in pixels; zero where known."""
    return cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


class CoarseToFine(ImageInpainter):
    """An inpainter that inpaints a mask that is too large for it at half the size first, and goes on from there."""

    @abstractmethod
    def at_once(self, mask: np.ndarray) -> bool:
        """Whether a mask bool (H, W) can be inpainted at this size without a guess."""

    @abstractmethod
    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """As `inpaint`, for a mask that can be done at once."""

    @abstractmethod
    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """As `inpaint`, with the enlarged result of the coarser size under the mask of image."""

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        layer = Layer(image, mask)
        coarse = downscaled(layer)
        if self.at_once(mask) or not coarse.mask.any() or coarse.mask.all() or coarse.shape == layer.shape:
            return self.start(image, mask)
        with progress_range(0, SHARE_OF_COARSE):
            guess = enlarged(self.inpaint(coarse.image, coarse.mask), layer)
        with progress_range(SHARE_OF_COARSE, 1):
            return self.refine(guess, mask)
