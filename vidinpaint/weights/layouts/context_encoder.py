"""Context encoder: BoyuanJiang/context_encoder_pytorch, netG_streetview.pth (its model.py)."""

from typing import Any

import torch

from vidinpaint.weights.layouts.layout import Layout, State


def _context(state: State) -> dict[str, Any]:
    return {"width": state["main.0.weight"].shape[0], "bottleneck": state["main.14.weight"].shape[0]}


def _names(state: State) -> State:
    """With the counters of batches, which files of PyTorch before 0.4.1 lack."""
    counters = {
        name.replace("running_mean", "num_batches_tracked"): torch.zeros((), dtype=torch.int64)
        for name in state
        if name.endswith("running_mean")
    }
    return {**counters, **state}


LAYOUT = Layout("main.29.weight", "context_encoder", _context, _names)
