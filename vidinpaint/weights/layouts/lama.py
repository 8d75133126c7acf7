"""LaMa: advimman/lama, best.ckpt of big-lama and of LaMa-Fourier; big-lama.pt (TorchScript) and .safetensors of others.

Ours has the numbers of the published layers; the files differ in what precedes them. A checkpoint also holds the
discriminator, the networks of its losses and its figures, which are ignored.
"""

import re
from functools import partial
from typing import Any

import torch

from vidinpaint.weights.layouts.layout import Layout, State

FIRST = "model.1.ffc.convl2l.weight"
PREFIXES = ("", "generator.", "model.", "model.generator.")
"""Of a plain file and of a checkpoint; of a scripted generator and of a scripted checkpoint."""


def _settings(prefix: str, state: State) -> dict[str, Any]:
    state = _generator(prefix, state)
    blocks = [name for name in state if re.fullmatch(r"model\.\d+\.conv1\.ffc\.convl2l\.weight", name)]
    convolutions = [name for name in state if re.fullmatch(r"model\.\d+\.ffc\.convl2l\.weight", name)]
    local = state[blocks[0]].shape[0]
    whole = state[blocks[0].replace("convl2l", "convl2g")].shape[0]
    return {
        "width": state[FIRST].shape[0],
        "blocks": len(blocks),
        "halvings": len(convolutions) - 1,
        "ratio": whole / (local + whole),
    }


def _generator(prefix: str, state: State) -> State:
    """The tensors of the generator; some converted files lack the counts of batch normalisation, which are unused."""
    start = f"{prefix}model."
    ours = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(start)}
    counts = (name.replace("running_mean", "num_batches_tracked") for name in ours if name.endswith("running_mean"))
    return {**{name: torch.zeros((), dtype=torch.int64) for name in counts}, **ours}


LAYOUTS = tuple(
    Layout(prefix + FIRST, "lama", partial(_settings, prefix), partial(_generator, prefix)) for prefix in PREFIXES
)
