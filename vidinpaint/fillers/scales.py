"""Large holes at half the size first: pictures with holes at ever coarser sizes, and fillers that work through them.

Known and unknown never mix: a coarse pixel is the mean of the known pixels that it covers. What was painted at half the
size becomes the guess that the full size starts from, so nothing is cut into tiles, and there are no seams.
"""

from abc import abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.fillers.interface import ImageInpainter
from vidinpaint.progress import part

SHARE_OF_COARSE = 0.2  # of the time, that the coarser sizes take: a quarter of the pixels each


@dataclass(frozen=True)
class Layer:
    """One size: image float32 (H, W, C) with C > 1, zero under the hole; hole bool (H, W)."""

    image: np.ndarray
    hole: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.hole.shape[0], self.hole.shape[1]


def halved(layer: Layer) -> Layer:
    """Half the size; a pixel is the mean of the known ones it covers, and known where half of them are."""
    height, width = layer.shape
    size = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize((~layer.hole).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(layer.image, size, interpolation=cv2.INTER_AREA)
    hole = weight < 0.5
    image = np.where(hole[..., None], 0, total / np.maximum(weight, 1e-6)[..., None])
    return Layer(image.astype(np.float32), hole)


def enlarged(painted: np.ndarray, layer: Layer) -> np.ndarray:
    """The layer's image with what was painted at half its size, (h, w, C), under its hole."""
    larger = cv2.resize(painted, layer.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(layer.hole[..., None], larger, layer.image)


def distance_to_known(hole: np.ndarray) -> np.ndarray:
    """float32 (H, W), in pixels; zero where known."""
    return cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


class CoarseToFine(ImageInpainter):
    """A filler that paints a hole that is too large for it at half the size first, and goes on from there."""

    @abstractmethod
    def at_once(self, hole: np.ndarray) -> bool:
        """Whether a hole bool (H, W) can be painted at this size without a guess."""

    @abstractmethod
    def start(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """As `inpaint`, for a hole that can be done at once."""

    @abstractmethod
    def refine(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """As `inpaint`, with the enlarged result of the coarser size under the hole of image."""

    def inpaint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        layer = Layer(image, hole)
        coarse = halved(layer)
        if self.at_once(hole) or not coarse.hole.any() or coarse.hole.all() or coarse.shape == layer.shape:
            return self.start(image, hole)
        with part(0, SHARE_OF_COARSE):
            guess = enlarged(self.inpaint(coarse.image, coarse.hole), layer)
        with part(SHARE_OF_COARSE, 1):
            return self.refine(guess, hole)
