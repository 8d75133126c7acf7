"""EfficientNet-Lite0's features, with the ImageNet weights of an installed package."""

from torch import Tensor, nn

from vidinpaint.weights.image_features import image_features


class Lite0(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] to five maps at 1/2 to 1/16 of the size; without gradients of its own.

    Raises WeightsError if the extra `perceptual` is not installed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.network = image_features()

    def forward(self, image: Tensor) -> list[Tensor]:
        return self.network.features(image)
