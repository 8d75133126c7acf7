"""The deep feature distance against its definition, computed here from the published tensors with plain functions."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tests.evaluation.images import texture, worse
from vidinpaint.evaluation.perceptual.deep_feature_distance import DeepFeatureDistance
from vidinpaint.weights.image_features import weights_file

STRIDES = {0: 1, 1: 2, 2: 1, 3: 2, 4: 1, 5: 2, 6: 1, 7: 1, 8: 1}
"""Of the first nine blocks."""


@pytest.fixture(scope="module")
def metric() -> DeepFeatureDistance:
    return DeepFeatureDistance()


@pytest.fixture(scope="module")
def pair() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Output, truth and a mask near the border."""
    truth = texture(11, 120, 150)
    mask = np.zeros((120, 150), bool)
    mask[70:100, 20:61] = True
    return np.where(mask[..., None], worse(truth), truth), truth, mask


def convolution(state: dict[str, Tensor], x: Tensor, name: str, normalisation: str, stride: int = 1) -> Tensor:
    weight = state[f"{name}.weight"]
    size = weight.shape[-1]
    before, total = (size - stride) // 2, size - stride
    x = F.pad(x, (before, total - before) * 2)
    x = F.conv2d(x, weight, stride=stride, groups=x.shape[1] if weight.shape[1] == 1 and size > 1 else 1)
    names = ("running_mean", "running_var", "weight", "bias")
    return F.batch_norm(x, *(state[f"{normalisation}.{name}"] for name in names), eps=1e-3)


def features(state: dict[str, Tensor], image: np.ndarray) -> list[Tensor]:
    x = (torch.from_numpy(image.astype(np.float32)).permute(2, 0, 1)[None] - 127) / 128
    x = F.relu6(convolution(state, x, "_conv_stem", "_bn0", 2))
    maps = [x]
    for block, stride in STRIDES.items():
        name, value = f"_blocks.{block}", x
        if block:
            value = F.relu6(convolution(state, value, f"{name}._expand_conv", f"{name}._bn0"))
        value = F.relu6(convolution(state, value, f"{name}._depthwise_conv", f"{name}._bn1", stride))
        value = convolution(state, value, f"{name}._project_conv", f"{name}._bn2")
        x = x + value if stride == 1 and value.shape == x.shape else value
        if block in (0, 2, 4, 8):
            maps.append(x)
    return maps


@torch.no_grad()
def test_equals_the_definition(metric: DeepFeatureDistance, pair: tuple[np.ndarray, ...]) -> None:
    state = torch.load(weights_file(), weights_only=True)
    output, truth, mask = (array[22:147, 0:108] for array in pair)  # 48 pixels around rows 70:100, columns 20:61
    expected = []
    for a, b in zip(features(state, output), features(state, truth), strict=True):
        a, b = (value[0].numpy() / (np.linalg.norm(value[0].numpy(), axis=0) + 1e-6) for value in (a, b))
        weight = cv2.resize(mask.astype(np.float32), a.shape[:0:-1], interpolation=cv2.INTER_AREA)
        expected.append(np.average(((a - b) ** 2).sum(0), weights=weight))
    assert np.mean(expected) > 0.05
    assert metric.distance(*pair) == pytest.approx(np.mean(expected), rel=1e-4)


def test_equal_frames_and_frames_without_a_mask(metric: DeepFeatureDistance, pair: tuple[np.ndarray, ...]) -> None:
    output, truth, mask = pair
    assert metric.distance(truth, truth, mask) == 0
    metric.add(output, truth, np.zeros_like(mask))
    assert metric.values() == {"deep_feature_distance": None}
    metric.add(output, truth, mask)
    assert metric.values()["deep_feature_distance"] == pytest.approx(metric.distance(output, truth, mask))


def test_a_flat_area_is_farther_than_displaced_texture(
    metric: DeepFeatureDistance, pair: tuple[np.ndarray, ...]
) -> None:
    """PSNR says the opposite of these two."""
    truth, mask = np.random.default_rng(3).integers(60, 196, (120, 150, 3), np.uint8), pair[2]
    flat, displaced = (np.where(mask[..., None], other, truth) for other in (np.uint8(128), np.roll(truth, 2, 1)))
    errors = [((output - truth.astype(float))[mask] ** 2).mean() for output in (flat, displaced)]
    assert errors[0] < errors[1]
    assert metric.distance(flat, truth, mask) > 1.2 * metric.distance(displaced, truth, mask)
