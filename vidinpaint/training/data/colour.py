"""Random changes of brightness, contrast and colour."""

import numpy as np

from vidinpaint.training.data.masks import Random


def recoloured(random: Random, image: np.ndarray, strength: float) -> np.ndarray:
    """The image, float32 (H, W, 3) in [0, 1], with a random gamma and a random gain for each colour.

    strength   standard deviation of the logarithm of gamma: 0.2 is about a fifth; 0: no change
    """
    if strength == 0:
        return image
    gamma = np.exp(random.normal(0, strength))
    gains = np.exp(random.normal(0, strength / 2) + random.normal(0, strength / 4, 3))
    return np.asarray(np.clip(image**gamma * gains, 0, 1), np.float32)
