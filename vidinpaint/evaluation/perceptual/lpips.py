"""LPIPS 0.1: distance of features weighted as people judge; of whole frames, 0 for equal ones.

Source: Zhang et al. 2018, The unreasonable effectiveness of deep features as a perceptual metric.
"""

from pathlib import Path
from typing import ClassVar

import numpy as np

from vidinpaint.evaluation.interface import NetworkMetric, too_small
from vidinpaint.evaluation.mean import Mean
from vidinpaint.weights.catalogue import Learned, Weights

SMALLEST = 32
_PAGE = "https://download.pytorch.org/models"


class Lpips(NetworkMetric, Learned):
    """Mean over frames; a `FrameMetric`.

    path  torchvision's weights of AlexNet or VGG16; the file decides which
    Raises WeightsError if they cannot be used, or if the package lpips is missing.
    """

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("lpips_alex", "lpips", "alexnet-owt-7be5be79.pth", "torchvision's AlexNet, for LPIPS",
                f"{_PAGE}/alexnet-owt-7be5be79.pth", "BSD-3-Clause"),
        Weights("lpips_vgg", "lpips", "vgg16-397923af.pth", "torchvision's VGG16, for LPIPS",
                f"{_PAGE}/vgg16-397923af.pth", "BSD-3-Clause"),
    )  # fmt: skip

    def __init__(self, path: Path) -> None:
        from vidinpaint.evaluation.perceptual.lpips_distance import LpipsDistance

        self.notes: list[str] = []
        self._distance = LpipsDistance(path)
        self._mean = Mean()

    def add(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> None:
        if not too_small(truth, SMALLEST, "LPIPS", self.notes):
            self._mean.add(self.distance(output, truth, mask))

    def values(self) -> dict[str, float | None]:
        return {f"lpips_{self._distance.backbone}": self._mean.value}

    def distance(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float:
        """Of two whole frames uint8 (H, W, 3), at least 32 x 32, whatever the mask; 0 for equal frames."""
        return self._distance(output, truth)
