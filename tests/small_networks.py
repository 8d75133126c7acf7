"""Small networks with random weights, and files of them, for the tests of what uses networks."""

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tests.small_pipelines import write_small_pipeline
from vidinpaint.core.registry import load
from vidinpaint.weights.loading import save_weights

torch.set_num_threads(1)  # on busy cores, threads wait for one another much longer than small networks run

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "gated_conv": ("gated_generator", {"width": 8, "sketch": True, "residual": True}),
    "partial_conv": ("partial_unet", {"width": 4, "depth": 3, "residual": True}),
    "repaint": (
        "diffusion_unet",
        {"width": 8, "multipliers": [1, 2], "blocks": 1, "attention": [2], "head": 8, "variance": True},
    ),
    "conv3d": ("gated_generator3d", {"width": 4}),
    "structure": ("structure", {"width": 4, "blocks": 1}),
    "context_encoder": ("context_encoder", {"width": 4, "bottleneck": 8}),
    "edgeconnect": ("edgeconnect", {"width": 4, "blocks": 1}),
    "glcic": ("glcic", {"width": 4}),
    "lama": ("lama", {"width": 4, "blocks": 1}),
    "contextual_attention": ("attention_generator", {"width": 4}),
}
"""Method -> name and settings of its network."""


LEARNED = (
    "context_encoder",
    "contextual_attention",
    "edgeconnect",
    "gated_conv",
    "glcic",
    "lama",
    "partial_conv",
    "repaint",
    "stable_diffusion",
    "structure",
    "torchscript",
)
"""The learned inpainters of images."""


class Brightened(nn.Module):
    """A model as others publish them: the image, a bit brighter under the mask than its mean."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image * (1 - mask) + mask * (image.mean() + 0.1)


def small_network(method: str) -> nn.Module:
    """The network of a method, every weight drawn at random: what begins as zero too."""
    name, settings = KINDS[method]
    random = torch.Generator().manual_seed(7)
    network: nn.Module = load("networks", name)(**settings)
    for parameter in network.parameters():
        scale = 1 / max(1, parameter[0].numel()) ** 0.5 if parameter.dim() > 1 else 0.1
        nn.init.normal_(parameter, 0, scale, generator=random)
    return network.requires_grad_(False).eval()


def write_small_weights(folder: Path) -> dict[str, dict[str, Any]]:
    """Files of small networks in a folder; the settings by method that make inpainters use them, and be quick."""
    for method, (name, settings) in KINDS.items():
        save_weights(folder / f"{method}.safetensors", name, settings, small_network(method).state_dict())
    write_script(Brightened(), folder / "brightened.pt")
    pipeline = write_small_pipeline(folder / "stable_diffusion")
    return {
        **{method: {"weights": str(folder / f"{method}.safetensors")} for method in KINDS},
        "repaint": {"weights": str(folder / "repaint.safetensors"), "steps": 3, "resamplings": 2, "jump": 1},
        "guided_patchmatch": {"weights": str(folder / "structure.safetensors")},
        "stable_diffusion": {"weights": str(pipeline), "size": 64, "steps": 2},
        "torchscript": {"weights": str(folder / "brightened.pt")},
    }


def write_script(model: nn.Module, path: Path) -> Path:
    """A file as others publish models."""
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        torch.jit.save(torch.jit.script(model), path)
    return path
