"""Difference between the directions of the features of two images, for perceptual metrics and losses.

It sees which features are present, not how strong they are. Source: Zhang 2018, The Unreasonable Effectiveness of Deep
Features as a Perceptual Metric, equation 1.
"""

from torch import Tensor


def squared_difference(first: Tensor, second: Tensor, epsilon: float) -> Tensor:
    """(N, C, H, W): squared difference of two maps of this shape whose features have unit length; to be summed over C.

    Features much shorter than epsilon stay short: zeros stay zeros, and have a gradient.
    """
    a, b = (features / (features.square().sum(1, keepdim=True) + epsilon**2).sqrt() for features in (first, second))
    return (a - b).square()
