"""The start: a smooth fill that our nets add to. Training and use take the same."""

import numpy as np

from vidinpaint.laplace import smooth_fill


def smooth_start(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3): image with Laplace's equation solved under the hole, near enough (3e-4 of the range).

    image  float32 (H, W, 3); what it holds under the hole is not seen
    hole   bool (H, W), True = paint; where everything is, the result is zero
    """
    return np.asarray(smooth_fill(image[None], hole[None])[0])
