"""`Layout`: how one publisher's files hold the tensors of one of our networks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
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


def with_batch_counts(state: State) -> State:
    """With the tensors `num_batches_tracked` of batch normalisation, which files of PyTorch before 0.4.1 lack."""
    names = [f"{name.removesuffix('running_var')}num_batches_tracked" for name in state if name.endswith("running_var")]
    return {**{name: torch.zeros((), dtype=torch.int64) for name in names}, **state}
