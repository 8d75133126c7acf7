"""Published files: their network, its settings, and their tensors under the names of our networks.

A file is recognised by the name of one of its tensors, whatever the file is called (`vidinpaint.weights.layouts`).
"""

from pathlib import Path
from typing import Any

from vidinpaint.core.errors import WeightsError
from vidinpaint.weights.layouts import (
    classifiers,
    context_encoder,
    contextual_attention,
    deepfill,
    edgeconnect,
    efficientnet,
    glcic,
    guided_diffusion,
    i3d,
    inception,
    lama,
    partial_unet,
    raft,
)
from vidinpaint.weights.layouts.layout import State

LAYOUTS = (
    deepfill.TRAINED,
    deepfill.CONVERTED,
    partial_unet.LAYOUT,
    context_encoder.LAYOUT,
    *contextual_attention.LAYOUTS,
    glcic.LAYOUT,
    edgeconnect.EDGES,
    edgeconnect.COMPLETION,
    efficientnet.LAYOUT,
    classifiers.ALEXNET,
    classifiers.VGG16,
    guided_diffusion.LAYOUT,
    *lama.LAYOUTS,
    inception.LAYOUT,
    i3d.LAYOUT,
    raft.ORIGINAL,
    raft.TORCHVISION,
)


def recognise(path: Path, state: State) -> tuple[str, dict[str, Any], State]:
    """Name, settings and tensors of our network for the tensors of a published file. Raises WeightsError."""
    for layout in LAYOUTS:
        if layout.marker in state:
            try:
                return layout.network, layout.settings(state), layout.convert(state)
            except (IndexError, RuntimeError, ValueError):
                actual = f"'{path}' with other shapes or values"
                raise WeightsError(f"weights of {layout.network}", actual, "Choose another file.") from None
    first = next(iter(state))
    raise WeightsError(
        "weights of a known network", f"'{path}' with {first!r}", "`vidinpaint models` lists the known files."
    )
