"""How far down the sizes of a picture patches can go, and which patches may be taken."""

import cv2
import numpy as np

from vidinpaint.fillers.scales import Layer, distance_to_known, halved

ENOUGH = 100  # patches to choose from, below which a coarser size is of no use
SHALLOW = 1.5  # depth of a hole, in pixels, at which every patch over it sees mostly known pixels


def build_pyramid(image: np.ndarray, hole: np.ndarray, radius: int) -> list[Layer]:
    """The picture and ever coarser ones, halved each time, until the hole is shallow.

    image float32 (H, W, C), hole bool (H, W), radius of the patches in pixels. Stops earlier where the picture would
    become too small for the patches, or where too few would be left that the hole does not touch.
    """
    layers = [Layer(np.where(hole[..., None], np.float32(0), image), hole)]
    while distance_to_known(layers[-1].hole).max() > SHALLOW and min(layers[-1].shape) >= 4 * (2 * radius + 1):
        coarser = halved(layers[-1])
        if not coarser.hole.any() or clean_centres(coarser.hole, radius).sum() < ENOUGH:
            break
        layers.append(coarser)
    return layers


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
