"""Distance from the truth, apart for the hole and for what is known.

Each is a mean over all values of the picture, hole or not, as in Liu 2018, Image Inpainting for Irregular Holes Using
Partial Convolutions, section 3.3: a small hole weighs less than a large one.
"""

from typing import NamedTuple

from torch import Tensor


class Apart(NamedTuple):
    """A distance under the hole and one outside it, scalars."""

    hole: Tensor
    valid: Tensor


def reconstruction(output: Tensor, truth: Tensor, hole: Tensor, power: int = 1) -> Apart:
    """Mean |output - truth|^power over all values, those under the hole and the others apart.

    output, truth (N, C, ...), hole (N, 1, ...), 1 = paint; power 1: L1, 2: L2.
    """
    distance = (output - truth).abs() ** power
    return Apart((distance * hole).mean(), (distance * (1 - hole)).mean())
