"""VGG16's convolutions, whose five maps LPIPS compares; tensor names as in torchvision's `vgg16`.

Source: Simonyan and Zisserman 2015, Very deep convolutional networks for large-scale image recognition (table 1, D).
"""

from torch import Tensor, nn

STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions of each stage; pooling between stages."""


class Vgg16(nn.Module):
    """Images (N, 3, H, W), at least 16 x 16, normalised by ImageNet's mean and deviation, to five maps."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        self.taps = []
        inputs = 3
        for stage in STAGES:
            if layers:
                layers.append(nn.MaxPool2d(2))
            for outputs in stage:
                layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
                inputs = outputs
            self.taps.append(len(layers) - 1)  # the last ReLU before pooling
        self.features = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> list[Tensor]:
        maps = []
        for index, layer in enumerate(self.features):
            image = layer(image)
            if index in self.taps:
                maps.append(image)
        return maps
