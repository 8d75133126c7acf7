"""Changes of brightness, contrast and colour, so that a network does not learn the light of its photos."""

import numpy as np

from vidinpaint.training.data.masks import Random


def recoloured(random: Random, picture: np.ndarray, strength: float) -> np.ndarray:
    """A new picture (H, W, 3) float32 in [0, 1]: another gamma, and another gain of every colour.

    strength   their spread, as the natural logarithm: 0.2 is about a fifth, brighter or darker; 0: the same picture
    """
    if strength == 0:
        return picture
    gamma = np.exp(random.normal(0, strength))
    gains = np.exp(random.normal(0, strength / 2) + random.normal(0, strength / 4, 3))
    return np.asarray(np.clip(picture**gamma * gains, 0, 1), np.float32)
