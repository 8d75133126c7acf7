"""The sizes at which an image is inpainted with patches, and which patches may be copied."""

import numpy as np

from vidinpaint.inpainters.scales import Layer, downscaled
from vidinpaint.numerics.morphology import dilate, distance_outside

MIN_PATCHES = 100  # clean patches that a coarser size must have
MAX_DEPTH = 1.5  # of the mask at the coarsest size, in pixels, so that each patch on it holds mostly known pixels


def build_pyramid(image: np.ndarray, mask: np.ndarray, radius: int) -> list[Layer]:
    """The image and coarser ones, each of half the size, until no mask pixel is deeper than MAX_DEPTH.

    image float32 (H, W, C), mask bool (H, W), radius of the patches in pixels. Stops earlier if the image would become
    too small for the patches, or if too few clean patches would remain.
    """
    layers = [Layer(np.where(mask[..., None], np.float32(0), image), mask)]
    while distance_outside(layers[-1].mask).max() > MAX_DEPTH and min(layers[-1].shape) >= 4 * (2 * radius + 1):
        coarser = downscaled(layers[-1])
        if not coarser.mask.any() or clean_centres(coarser.mask, radius).sum() < MIN_PATCHES:
            break
        layers.append(coarser)
    return layers


def touching(mask: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of the patches of a radius in pixels that touch the mask."""
    return dilate(mask, radius, "square")


def clean_centres(mask: np.ndarray, radius: int) -> np.ndarray:
    """bool (H, W): centres of clean patches, which lie inside the image and do not touch the mask."""
    clean = np.zeros(mask.shape, bool)
    inside = (slice(radius, mask.shape[0] - radius), slice(radius, mask.shape[1] - radius))
    clean[inside] = ~touching(mask, radius)[inside]
    return clean


def usable_radius(mask: np.ndarray, max_radius: int) -> int:
    """The largest radius, at most max_radius, for which there is a clean patch; 0 if there is none."""
    return next((radius for radius in range(max_radius, 0, -1) if clean_centres(mask, radius).any()), 0)
