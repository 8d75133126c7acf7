"""AlexNet's convolutions, whose five maps LPIPS compares; tensor names as in torchvision's `alexnet`.

Source: Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks (the variant of torchvision).
"""

from torch import Tensor, nn

TAPS = (1, 4, 7, 9, 11)
"""Indices of the layers whose outputs are the maps: each ReLU."""


class Alexnet(nn.Module):
    """Images (N, 3, H, W), at least 32 x 32, normalised by ImageNet's mean and deviation, to five maps."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(),
        )  # fmt: skip

    def forward(self, image: Tensor) -> list[Tensor]:
        maps = []
        for index, layer in enumerate(self.features):
            image = layer(image)
            if index in TAPS:
                maps.append(image)
        return maps
