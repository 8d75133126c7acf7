"""Published files: their network, its settings, and their tensors under the names of our networks.

A file is recognised by the name of one of its tensors, whatever the file is called. Known are

    nipponjo/deepfillv2-pytorch                       states_pt_*.pth (networks.py), states_tf_*.pth (networks_tf.py)
    naoto0804/pytorch-inpainting-with-partial-conv    1000000.pth (net.py)
    openai/guided-diffusion                           256x256_diffusion_uncond.pt, and others of its 256 x 256
                                                      networks without classes, such as andreas128/RePaint
    princeton-vl/RAFT                                 raft-things.pth, raft-small.pth and others (`raft_keys.py`)
    torchvision                                       raft_large_*.pth, raft_small_*.pth
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from vidinpaint.core.errors import WeightsError
from vidinpaint.weights.raft_keys import torchvision_names

State = dict[str, Tensor]


@dataclass(frozen=True)
class Kind:
    """One layout of published files.

    marker    name of a tensor that only this layout has
    network   name of our network: a module of `vidinpaint.networks`
    settings  the settings of our network, derived from the tensors
    convert   the tensors under our names and with our scaling
    """

    marker: str
    network: str
    settings: Callable[[State], dict[str, Any]]
    convert: Callable[[State], State]


def recognise(path: Path, state: State) -> tuple[str, dict[str, Any], State]:
    """Name, settings and tensors of our network for the tensors of a published file. Raises WeightsError."""
    for kind in KINDS:
        if kind.marker in state:
            try:
                return kind.network, kind.settings(state), kind.convert(state)
            except (IndexError, RuntimeError, ValueError):
                actual = f"'{path}' with other shapes or values"
                raise WeightsError(f"weights of {kind.network}", actual, "Choose another file.") from None
    first = next(iter(state))
    raise WeightsError(
        "weights of a known network", f"'{path}' with {first!r}", "`vidinpaint models` lists the known files."
    )


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


def _diffusion(state: State) -> dict[str, Any]:
    return {"width": state["time_embed.0.weight"].shape[1], "variance": state["out.2.weight"].shape[0] == 6}


def _raft(state: State) -> dict[str, Any]:
    large = {"update_block.mask.0.weight", "mask_predictor.convrelu.0.weight"} & state.keys()
    return {"size": "large" if large else "small"}


KINDS = (
    Kind("stage1.conv1.conv.weight", "gated_generator", _gated, _gated_names),
    Kind(
        "pmconv1.conv.weight", "gated_generator",
        lambda state: {"width": state["conv1.conv.weight"].shape[0], "tensorflow": True}, _gated_tensorflow,
    ),
    Kind("enc_1.conv.input_conv.weight", "partial_unet", _partial, _partial_units),
    Kind("input_blocks.0.0.weight", "diffusion_unet", _diffusion, dict),
    Kind("fnet.conv1.weight", "raft", _raft, torchvision_names),
    Kind("feature_encoder.convnormrelu.0.weight", "raft", _raft, dict),
)  # fmt: skip
