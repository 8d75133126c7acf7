"""DeepFill v2: nipponjo/deepfillv2-pytorch, states_pt_*.pth (its networks.py) and states_tf_*.pth (networks_tf.py)."""

import re
from typing import Any

from vidinpaint.weights.layouts.layout import Layout, State


def _gated(state: State) -> dict[str, Any]:
    first = state["stage1.conv1.conv.weight"]
    return {"width": first.shape[0], "sketch": first.shape[1] == 6}


def _gated_names(state: State) -> State:
    """Early files call the branches of the second stage b1 and b2; the fuse kernel of the attention is constant."""
    renamed = {re.sub(r"^stage2\.b1_", "stage2.conv_", name): value for name, value in state.items()}
    renamed = {re.sub(r"^stage2\.b2_", "stage2.ca_", name): value for name, value in renamed.items()}
    renamed.pop("stage2.contextual_attention.fuse_weight", None)
    return renamed


_STAGE1 = {
    "conv1": "conv1", "conv2_downsample": "down_block1.conv1_downsample", "conv3": "down_block1.conv2",
    "conv4_downsample": "down_block2.conv1_downsample", "conv5": "down_block2.conv2", "conv6": "conv_bn1",
    "conv7_atrous": "conv_bn2", "conv8_atrous": "conv_bn3", "conv9_atrous": "conv_bn4", "conv10_atrous": "conv_bn5",
    "conv11": "conv_bn6", "conv12": "conv_bn7", "conv13_upsample": "up_block1.conv1_upsample",
    "conv14": "up_block1.conv2", "conv15_upsample": "up_block2.conv1_upsample", "conv16": "up_block2.conv2",
    "conv17": "conv_to_rgb",
}  # fmt: skip
"""Layers as networks_tf.py numbers them -> our names."""


def _gated_tensorflow(state: State) -> State:
    """Renames networks_tf.py's layers: xconv and pmconv are the branches of stage 2, allconv the layers after them."""
    branches = {"": ("stage1.", ""), "x": ("stage2.", "conv_"), "pm": ("stage2.", "ca_"), "all": ("stage2.", "")}
    converted = {}
    for name, value in state.items():
        layer, _, rest = name.partition(".")
        branch, number = re.fullmatch(r"(x|pm|all|)(conv.*)", layer).groups() if "conv" in layer else ("", layer)  # type: ignore[union-attr]
        stage, prefix = branches[branch]
        # the two layers of the attention branch that follow the attention
        number = {"conv9": "conv9_atrous", "conv10": "conv10_atrous"}.get(number, number) if branch == "pm" else number
        converted[f"{stage}{prefix}{_STAGE1.get(number, number)}.{rest}"] = value
    return converted


TRAINED = Layout("stage1.conv1.conv.weight", "gated_generator", _gated, _gated_names)
CONVERTED = Layout(
    "pmconv1.conv.weight", "gated_generator",
    lambda state: {"width": state["conv1.conv.weight"].shape[0], "tensorflow": True}, _gated_tensorflow,
)  # fmt: skip
