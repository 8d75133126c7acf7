"""Deep feature distance (EfficientNet-Lite0): how far the features under the mask point from those of the truth.

LPIPS without its learned weights (Zhang et al. 2018, The unreasonable effectiveness of deep features as a perceptual
metric, section 3), with another network. On single frames it ranked results as people do, where PSNR did not: smooth
areas and wrong structure are far from the truth. Content that nobody could guess is far for every method.
"""

import cv2
import numpy as np

from vidinpaint.evaluation.interface import NetworkMetric
from vidinpaint.evaluation.mean import Mean
from vidinpaint.evaluation.perceptual.tensors import image_tensor
from vidinpaint.evaluation.surroundings import surroundings
from vidinpaint.networks.feature_difference import squared_difference
from vidinpaint.weights.image_features import image_features
from vidinpaint.weights.running import deterministic, one_torch_thread

EPSILON = 1e-6


class DeepFeatureDistance(NetworkMetric):
    """Mean over the frames that have a mask; a `FrameMetric`. Raises WeightsError without the extra `perceptual`."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._network = image_features()
        self._mean = Mean()

    def add(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> None:
        if mask.any():
            self._mean.add(self.distance(output, truth, mask))

    def values(self) -> dict[str, float | None]:
        return {"deep_feature_distance": self._mean.value}

    def distance(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float:
        """Of two frames uint8 (H, W, 3), over the masked area and over five depths; 0 for equal frames.

        Only the mask and 48 pixels of surroundings are looked at. A feature counts by the masked share of its area.
        """
        part = surroundings(mask)
        masked = mask[part].astype(np.float32)
        with deterministic(), one_torch_thread():  # on busy cores, threads wait for one another
            of_output, of_truth = (self._network.features(image_tensor(frame[part])) for frame in (output, truth))
            total = 0.0
            for a, b in zip(of_output, of_truth, strict=True):
                distance = squared_difference(a, b, EPSILON).sum(1)[0].numpy()
                weight = cv2.resize(masked, distance.shape[::-1], interpolation=cv2.INTER_AREA)
                total += float((distance * weight).sum() / max(weight.sum(), EPSILON))
        return total / len(of_output)
