"""Distance from the truth, apart for the mask and for what is known.

Each is a mean over all values of the picture, mask or not, as in Liu 2018, Image Inpainting for Irregular Holes Using
Partial Convolutions, section 3.3: a small mask weighs less than a large one.
"""

from typing import NamedTuple

from torch import Tensor


class Apart(NamedTuple):
    """A distance under the mask and one outside it, scalars."""

    mask: Tensor
    valid: Tensor


def reconstruction(output: Tensor, truth: Tensor, mask: Tensor, power: int = 1) -> Apart:
    """Mean |output - truth|^power over all values, those under the mask and the others apart.

    output, truth (N, C, ...), mask (N, 1, ...), 1 = inpaint; power 1: L1, 2: L2.
    """
    distance = (output - truth).abs() ** power
    return Apart((distance * mask).mean(), (distance * (1 - mask)).mean())
