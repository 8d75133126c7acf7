"""RAFT: raft-things.pth, raft-small.pth and others of princeton-vl/RAFT; raft_*.pth of torchvision.

Ours has the tensor names of torchvision's `raft_large` and `raft_small`.

Source: Teed and Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow; princeton-vl/RAFT (`core/`).
"""

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from vidinpaint.weights.layouts.layout import Layout, State

_NAMES = (
    (r"^fnet\.", "feature_encoder."),
    (r"^cnet\.", "context_encoder."),
    (r"^(\w+_encoder)\.conv1\.", r"\1.convnormrelu.0."),
    (r"^(\w+_encoder)\.norm1\.", r"\1.convnormrelu.1."),
    (r"^(\w+_encoder)\.conv2\.", r"\1.conv."),
    (r"(\.layer\d\.\d)\.conv(\d)\.", r"\1.convnormrelu\2.0."),
    (r"(\.layer\d\.\d)\.norm(\d)\.", r"\1.convnormrelu\2.1."),
    (r"^update_block\.mask\.0\.", "mask_predictor.convrelu.0."),
    (r"^update_block\.mask\.2\.", "mask_predictor.conv."),
    (r"^update_block\.encoder\.convc(\d)\.", r"update_block.motion_encoder.convcorr\1.0."),
    (r"^update_block\.encoder\.convf(\d)\.", r"update_block.motion_encoder.convflow\1.0."),
    (r"^update_block\.encoder\.conv\.", "update_block.motion_encoder.conv.0."),
    (r"^update_block\.gru\.conv([zrq])(\d)\.", r"update_block.recurrent_block.convgru\2.conv\1."),
    (r"^update_block\.gru\.conv([zrq])\.", r"update_block.recurrent_block.convgru1.conv\1."),
)
_DUPLICATE = re.compile(r"^(fnet|cnet)\.layer[23]\.0\.norm[34]\.")
"""The normalisation of a shortcut is stored twice: as `normN`, N one more than its convolutions, and `downsample.1`."""


def torchvision_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under torchvision's names; other names stay unchanged.

    state  tensors of a file of princeton-vl/RAFT, such as `raft-things.pth`, without the prefix `module.`
    """
    shortcuts = {name for name in state if _DUPLICATE.match(name) and _is_of_shortcut(name, state)}
    return {_renamed(name): value for name, value in state.items() if name not in shortcuts}


def _is_of_shortcut(name: str, state: Mapping[str, Tensor]) -> bool:
    """Whether a normalisation belongs to a shortcut: no convolution has its number."""
    return re.sub(r"norm(\d)\..*", r"conv\1.weight", name) not in state


def _renamed(name: str) -> str:
    for pattern, replacement in _NAMES:
        name = re.sub(pattern, replacement, name)
    return name


def _raft(state: State) -> dict[str, Any]:
    large = {"update_block.mask.0.weight", "mask_predictor.convrelu.0.weight"} & state.keys()
    return {"size": "large" if large else "small"}


ORIGINAL = Layout("fnet.conv1.weight", "raft", _raft, torchvision_names)
TORCHVISION = Layout("feature_encoder.convnormrelu.0.weight", "raft", _raft, dict)
