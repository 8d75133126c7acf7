"""Partial convolutions: naoto0804/pytorch-inpainting-with-partial-conv, 1000000.pth (its net.py)."""

import re
from typing import Any

from vidinpaint.weights.layouts.layout import Layout, State


def _partial(state: State) -> dict[str, Any]:
    depth = sum(bool(re.fullmatch(r"enc_\d\.conv\.input_conv\.weight", name)) for name in state)
    return {"width": state["enc_1.conv.input_conv.weight"].shape[0], "depth": depth}


def _partial_units(state: State) -> State:
    """Drops the all-ones kernels that count known pixels; divides weights by the taps per window, as ours expect."""
    converted = {}
    for name, value in state.items():
        if name.endswith("mask_conv.weight"):
            if not bool((value == 1).all()):
                raise ValueError(f"expected a kernel of ones, found other values in {name}")
        else:
            converted[name] = value / value[0].numel() if name.endswith("input_conv.weight") else value
    return converted


LAYOUT = Layout("enc_1.conv.input_conv.weight", "partial_unet", _partial, _partial_units)
