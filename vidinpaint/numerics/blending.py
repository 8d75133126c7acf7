"""Poisson blending: an inpainted region with its own gradients, and with the colours around it at its border.

Source: Perez, Gangnet and Blake 2003, Poisson Image Editing, equation 10: what is added to the source solves Laplace's
equation under the mask, and is the difference from the destination on its border.
"""

import numpy as np

from vidinpaint.numerics.laplace import smooth_interpolation


def blended(source: np.ndarray, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The source under the mask, with a smooth field added so that it continues the image.

    source, image  float32 (H, W, C); values of the image under the mask have no influence
    mask           bool (H, W), True = from the source; at the border of the picture nothing has to fit

    Returns a new float32 (H, W, C), equal to the image outside the mask, and to the source if the mask covers all.
    """
    difference = np.where(mask[..., None], np.float32(0), image - source)
    return np.where(mask[..., None], source + smooth_interpolation(difference[None], mask[None])[0], image)
