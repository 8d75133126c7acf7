"""EdgeConnect: knazeri/edge-connect, EdgeModel_gen.pth and InpaintingModel_gen.pth (its networks.py).

In the edge model all layers but the last have spectral normalisation: `weight_orig` has to be divided by its greatest
singular value, which `weight_u` and `weight_v` give. PyTorch before 1.0 wrote no `weight_v`; it follows from the
others.
"""

import re
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from vidinpaint.weights.layouts.layout import Layout, State

ORIGINAL = ".weight_orig"


def _settings(state: State) -> dict[str, Any]:
    blocks = {match[1] for name in state if (match := re.match(r"middle\.(\d+)\.", name))}
    return {"width": state["encoder.1.bias"].shape[0], "blocks": len(blocks)}


def _divided(state: State) -> State:
    """The weights, divided by their spectral norms."""
    layers = [name.removesuffix(ORIGINAL) for name in state if name.endswith(ORIGINAL)]
    kept = {name: value for name, value in state.items() if not re.search(r"\.weight_(orig|u|v)$", name)}
    return {**kept, **{f"{layer}.weight": _divided_weight(layer, state) for layer in layers}}


def _divided_weight(layer: str, state: State) -> Tensor:
    weight, left = state[layer + ORIGINAL], state[f"{layer}.weight_u"]
    outputs = 1 if _is_transposed(layer) else 0  # dimension of the output channels
    matrix = weight.movedim(outputs, 0).flatten(1)
    right = state.get(f"{layer}.weight_v")
    right = normalize(matrix.T @ left, dim=0) if right is None else right
    norm = torch.dot(left, matrix @ right)
    if not norm > 0:
        raise ValueError(f"expected a positive spectral norm, found {norm:g} in {layer}")
    return weight / norm


def _is_transposed(layer: str) -> bool:
    """Whether a layer is one of the up-convolutions."""
    return layer in ("decoder.0", "decoder.3")


EDGES = Layout("encoder.1.weight_orig", "edge_generator", _settings, _divided)
COMPLETION = Layout("middle.0.conv_block.1.bias", "edge_completion", _settings, dict)
