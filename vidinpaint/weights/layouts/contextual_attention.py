"""Contextual attention: daa233/generative-inpainting-pytorch, gen_*.pt and torch_model.p (its model/networks.py).

Ours has its names. The second file was converted from the authors' own; it holds a whole trainer, of which only the
generator is used.
"""

from functools import partial
from typing import Any

from vidinpaint.weights.layouts.layout import Layout, State

FIRST = "coarse_generator.conv1.conv.weight"
PREFIXES = ("", "netG.")
"""Of a generator alone, and of one in its trainer."""


def _settings(prefix: str, state: State) -> dict[str, Any]:
    return {"width": state[prefix + FIRST].shape[0]}


def _generator(prefix: str, state: State) -> State:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


LAYOUTS = tuple(
    Layout(prefix + FIRST, "attention_generator", partial(_settings, prefix), partial(_generator, prefix))
    for prefix in PREFIXES
)
