"""Networks that describe an image or a clip by one vector of features."""

import cv2
import numpy as np
import torch

from vidinpaint.evaluation.perceptual.tensors import image_tensor
from vidinpaint.networks.i3d import I3d
from vidinpaint.networks.inception import Inception
from vidinpaint.weights.image_features import image_features
from vidinpaint.weights.running import deterministic

LITE0_SIZE = 224
I3D_SIZE = 432, 240
"""Width and height to which publications on video inpainting scale the frames for VFID."""


class Lite0Features:
    """An image uint8 (H, W, 3) to 1280 features of EfficientNet-Lite0, at 224 x 224. Raises WeightsError."""

    def __init__(self) -> None:
        self._network = image_features()

    def __call__(self, image: np.ndarray) -> np.ndarray:
        small = cv2.resize(image, (LITE0_SIZE, LITE0_SIZE), interpolation=cv2.INTER_AREA)
        with deterministic():
            return np.asarray(self._network(image_tensor(small))[0].numpy())


class InceptionFeatures:
    """An image uint8 (H, W, 3) to the 2048 features of FID."""

    def __init__(self, network: Inception) -> None:
        self._network = network

    def __call__(self, image: np.ndarray) -> np.ndarray:
        with deterministic():
            return np.asarray(self._network(image_tensor(image))[0].numpy())


class I3dFeatures:
    """Frames of a clip to 1024 features of I3D; a `ClipFeatures`."""

    def __init__(self, network: I3d) -> None:
        self._network = network

    def scaled(self, frame: np.ndarray) -> np.ndarray:
        """A frame uint8 (H, W, 3) in the size in which it is described, (240, 432, 3)."""
        return cv2.resize(frame, I3D_SIZE, interpolation=cv2.INTER_AREA)

    def __call__(self, frames: list[np.ndarray]) -> np.ndarray:
        """Of scaled frames; samples in [0, 1], as in publications on video inpainting, though I3D knows [-1, 1]."""
        clip = torch.from_numpy(np.stack(frames)).permute(3, 0, 1, 2)[None].float() / 255
        with deterministic():
            return np.asarray(self._network(clip)[0].numpy())
