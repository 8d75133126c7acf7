"""I3D: sizes as in TensorFlow, features of a whole clip."""

import pytest
import torch
from torch.nn import functional as F

from vidinpaint.networks.i3d import Mixed3d, Unit3d, pooled, same_padded


@pytest.mark.parametrize(
    ("size", "window", "stride"), [(8, 7, 2), (9, 7, 2), (5, 3, 2), (6, 3, 2), (5, 2, 2), (4, 3, 1)]
)
def test_padding_is_that_of_tensorflow(size: int, window: int, stride: int) -> None:
    """Just enough for the size divided by the stride, rounded up; one more behind than before if it is odd."""
    x = torch.ones(1, 1, size, size + 1, size + 2)
    padded = same_padded(x, (window,) * 3, (stride,) * 3)
    for axis in (2, 3, 4):
        outputs = -(-x.shape[axis] // stride)
        assert padded.shape[axis] == max((outputs - 1) * stride + window, x.shape[axis])
    line = padded.sum((0, 1, 3, 4)) > 0
    before, total = int(line.int().argmax()), padded.shape[2] - size
    assert before == total // 2


@torch.no_grad()
def test_a_unit_and_a_block() -> None:
    torch.manual_seed(1)
    unit, block = Unit3d(3, 4, 7, stride=2).eval(), Mixed3d(4, (2, 3, 4, 2, 3, 5)).eval()
    x = torch.rand(1, 3, 5, 16, 20)
    value = unit(x)
    expected = F.relu(F.conv3d(F.pad(x, (2, 3, 2, 3, 3, 3)), unit.conv3d.weight, stride=2) / 1.001**0.5)
    assert torch.allclose(value, expected, atol=1e-5)
    assert block(value).shape == (1, 2 + 4 + 3 + 5, *value.shape[2:])
    assert torch.equal(pooled(value, (3, 3, 3), (1, 1, 1)), F.max_pool3d(value, 3, 1, 1))
