"""The start: a smooth fill that our networks add to. Training and use take the same."""

import numpy as np

from vidinpaint.numerics.laplace import smooth_interpolation


def smooth_start(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): image with Laplace's equation solved under the mask, near enough (3e-4 of the range).

    image  float32 (H, W, 3); what it holds under the mask is not seen
    mask   bool (H, W), True = inpaint; where everything is, the result is zero
    """
    return np.asarray(smooth_interpolation(image[None], mask[None])[0])
