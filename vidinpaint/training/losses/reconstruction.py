"""Distance from the truth, separately for masked and known pixels.

Each is a mean over all values of the image, masked or not, as in Liu 2018, Image Inpainting for Irregular Holes Using
Partial Convolutions, section 3.3: a small mask weighs less than a large one.
"""

from typing import NamedTuple

from torch import Tensor


class Distance(NamedTuple):
    """The distances under the mask and outside it, scalars."""

    mask: Tensor
    valid: Tensor


def reconstruction(output: Tensor, truth: Tensor, mask: Tensor, power: int = 1) -> Distance:
    """Mean |output - truth|^power over all values, separately under the mask and outside it.

    output, truth (N, C, ...), mask (N, 1, ...), 1 = inpaint; power 1: L1, 2: L2.
    """
    distance = (output - truth).abs() ** power
    return Distance((distance * mask).mean(), (distance * (1 - mask)).mean())
