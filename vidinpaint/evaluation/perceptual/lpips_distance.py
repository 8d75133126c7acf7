"""The distance of LPIPS 0.1 between two frames.

The linear layers are those of the package lpips, the convolutions are torchvision's, which the user provides.
Source: Zhang et al. 2018, The unreasonable effectiveness of deep features as a perceptual metric, equation 1.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vidinpaint.core.errors import WeightsError
from vidinpaint.evaluation.perceptual.tensors import image_tensor
from vidinpaint.networks.feature_difference import squared_difference
from vidinpaint.weights.loading import load_network, read_weights
from vidinpaint.weights.running import deterministic, one_torch_thread, require_installed

EPSILON = 1e-10
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's samples in [0, 1]
BACKBONES = {"Alexnet": "alex", "Vgg16": "vgg"}
"""Names of the networks in the package lpips, by the class of ours."""


class LpipsDistance:
    """Of two frames uint8 (H, W, 3), at least 32 x 32; path: weights of AlexNet or VGG16. Raises WeightsError."""

    def __init__(self, path: Path) -> None:
        self._network: Any = load_network(path, "alexnet", "vgg16")
        self.backbone = BACKBONES[type(self._network).__name__]
        self._weights = linear_layers(self.backbone)

    def __call__(self, output: np.ndarray, truth: np.ndarray) -> float:
        with deterministic(), one_torch_thread():
            of_output, of_truth = (self._network(_normalised(image_tensor(frame))) for frame in (output, truth))
            total = 0.0
            for a, b, weights in zip(of_output, of_truth, self._weights, strict=True):
                total += float((squared_difference(a, b, EPSILON) * weights).sum(1).mean())
        return total


def linear_layers(name: str) -> list[Tensor]:
    """Weights (1, C, 1, 1) of the features of each map, for the backbone "alex" or "vgg". Raises WeightsError."""
    require_installed("perceptual", "lpips")
    spec = find_spec("lpips")
    path = Path(spec.origin or "").parent / "weights" / "v0.1" / f"{name}.pth" if spec else Path()
    state, _ = read_weights(path)
    try:
        return [state[f"lin{depth}.model.1.weight"] for depth in range(len(state))]
    except KeyError as error:
        raise WeightsError(f"the layers of LPIPS in '{path}'", f"no {error}", "Install lpips again.") from None


def _normalised(image: Tensor) -> Tensor:
    """An image in [-1, 1] with ImageNet's mean and deviation removed."""
    mean, deviation = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return ((image + 1) / 2 - mean) / deviation
