"""Contextual attention: daa233/generative-inpainting-pytorch, gen_*.pt (its model/networks.py). Ours has its names."""

from typing import Any

from vidinpaint.weights.layouts.layout import Layout, State

FIRST = "coarse_generator.conv1.conv.weight"


def _settings(state: State) -> dict[str, Any]:
    return {"width": state[FIRST].shape[0]}


LAYOUT = Layout(FIRST, "attention_generator", _settings, dict)
