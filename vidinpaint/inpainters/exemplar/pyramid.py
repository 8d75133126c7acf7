"""How far down the sizes of a picture patches can go, and which patches may be taken."""

import numpy as np

from vidinpaint.inpainters.scales import Layer, distance_to_known, downscaled
from vidinpaint.numerics.morphology import dilate

ENOUGH = 100  # patches to choose from, below which a coarser size is of no use
SHALLOW = 1.5  # depth of a mask, in pixels, at which every patch over it sees mostly known pixels


def build_pyramid(image: np.ndarray, mask: np.ndarray, radius: int) -> list[Layer]:
    """The picture and ever coarser ones, downscaled each time, until the mask is shallow.

    image float32 (H, W, C), mask bool (H, W), radius of the patches in pixels. Stops earlier where the picture would
    become too small for the patches, or where too few would be left that the mask does not touch.
    """
    layers = [Layer(np.where(mask[..., None], np.float32(0), image), mask)]
    while distance_to_known(layers[-1].mask).max() > SHALLOW and min(layers[-1].shape) >= 4 * (2 * radius + 1):
        coarser = downscaled(layers[-1])
        if not coarser.mask.any() or clean_centres(coarser.mask, radius).sum() < ENOUGH:
            break
        layers.append(coarser)
    return layers


def touching(mask: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of the patches that reach into the mask."""
    return dilate(mask, radius, "square")


def clean_centres(mask: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of the patches that lie inside the picture and do not touch the mask."""
    clean = np.zeros(mask.shape, bool)
    inside = (slice(radius, mask.shape[0] - radius), slice(radius, mask.shape[1] - radius))
    clean[inside] = ~touching(mask, radius)[inside]
    return clean
