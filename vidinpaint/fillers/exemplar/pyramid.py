"""Pictures with holes at ever coarser sizes: known and unknown never mix."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Layer:
    """One size: image float32 (H, W, C), zero under the hole; hole bool (H, W)."""

    image: np.ndarray
    hole: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.hole.shape[0], self.hole.shape[1]


ENOUGH = 100  # patches to choose from, below which a coarser size is of no use
SHALLOW = 1.5  # depth of a hole, in pixels, at which every patch over it sees mostly known pixels


def build_pyramid(image: np.ndarray, hole: np.ndarray, radius: int) -> list[Layer]:
    """The picture and ever coarser ones, halved each time, until the hole is shallow.

    image float32 (H, W, C), hole bool (H, W), radius of the patches in pixels. Stops earlier where the picture would
    become too small for the patches, or where too few would be left that the hole does not touch.
    """
    layers = [Layer(np.where(hole[..., None], np.float32(0), image), hole)]
    while distance_to_known(layers[-1].hole).max() > SHALLOW and min(layers[-1].shape) >= 4 * (2 * radius + 1):
        coarser = _halved(layers[-1])
        if not coarser.hole.any() or clean_centres(coarser.hole, radius).sum() < ENOUGH:
            break
        layers.append(coarser)
    return layers


def distance_to_known(hole: np.ndarray) -> np.ndarray:
    """float32 (H, W), in pixels; zero where known."""
    return cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def touching(hole: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of the patches that reach into the hole."""
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    return cv2.dilate(hole.astype(np.uint8), square).astype(bool)


def clean_centres(hole: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of the patches that lie inside the picture and do not touch the hole."""
    clean = np.zeros(hole.shape, bool)
    inside = (slice(radius, hole.shape[0] - radius), slice(radius, hole.shape[1] - radius))
    clean[inside] = ~touching(hole, radius)[inside]
    return clean


def _halved(layer: Layer) -> Layer:
    """Half the size; a pixel is the mean of the known ones it covers, and known where half of them are."""
    height, width = layer.shape
    size = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize((~layer.hole).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(layer.image, size, interpolation=cv2.INTER_AREA)
    hole = weight < 0.5
    image = np.where(hole[..., None], 0, total / np.maximum(weight, 1e-6)[..., None])
    return Layer(image.astype(np.float32), hole)
