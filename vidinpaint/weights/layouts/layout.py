"""`Layout`: how one publisher's files hold the tensors of one of our networks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

State = dict[str, Tensor]


@dataclass(frozen=True)
class Layout:
    """One layout of published files. Its functions raise IndexError, RuntimeError or ValueError for other shapes.

    marker    name of a tensor that only this layout has
    network   name of our network: a module of `vidinpaint.networks`
    settings  the settings of our network, derived from the tensors
    convert   the tensors under our names and with our scaling
    """

    marker: str
    network: str
    settings: Callable[[State], dict[str, Any]]
    convert: Callable[[State], State]
