"""The smooth start that our networks add to, the same in training and in use."""

import numpy as np

from vidinpaint.numerics.laplace import smooth_interpolation


def smooth_start(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): image with Laplace's equation solved under the mask, to 3e-4 for colours in [0, 1].

    image  float32 (H, W, 3); the values under the mask have no influence
    mask   bool (H, W), True = inpaint; if it covers everything, the result is zero
    """
    return np.asarray(smooth_interpolation(image[None], mask[None])[0])
