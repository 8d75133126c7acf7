"""FID's Inception network: against torchvision's where they are equal, and its own pooling where they differ."""

import pytest
import torch
from torch.nn import functional as F
from torchvision.models.inception import InceptionA, InceptionB, InceptionD, InceptionE

from vidinpaint.networks.inception import (
    FIRST_HALVING,
    SECOND_HALVING,
    Halving,
    Mixed,
    small_windows,
    split_windows,
)


def with_weights(block: torch.nn.Module, like: torch.nn.Module) -> torch.nn.Module:
    torch.manual_seed(2)
    for buffer in like.buffers():
        if buffer.is_floating_point():
            buffer.uniform_(0.5, 1.5)
    block.load_state_dict(like.state_dict())
    like.eval()
    return block.eval()


@torch.no_grad()
@pytest.mark.parametrize(
    ("ours", "theirs", "channels"),
    [
        (lambda: Halving(288, FIRST_HALVING), lambda: InceptionB(288), 288),
        (lambda: Halving(768, SECOND_HALVING), lambda: InceptionD(768), 768),
    ],
)
def test_blocks_that_equal_those_of_torchvision(ours, theirs, channels: int) -> None:
    like = theirs()
    x = torch.rand(1, channels, 9, 11)
    assert torch.allclose(with_weights(ours(), like)(x), like(x), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("maximum", [False, True])
def test_pooling_differs_from_that_of_torchvision(maximum: bool) -> None:
    like = InceptionE(64)
    block = with_weights(Mixed(64, split_windows(), 192, maximum=maximum), like)
    x = torch.rand(1, 64, 7, 8)
    ours, theirs = block(x), like(x)
    assert torch.allclose(ours[:, :-192], theirs[:, :-192], atol=1e-5)
    assert torch.allclose(ours[..., 1:-1, 1:-1], theirs[..., 1:-1, 1:-1], atol=1e-5) is not maximum
    pooled = F.max_pool2d(x, 3, 1, 1) if maximum else F.avg_pool2d(x, 3, 1, 1) / F.avg_pool2d(x[:, :1] * 0 + 1, 3, 1, 1)
    assert torch.allclose(ours[:, -192:], like.branch_pool(pooled), atol=1e-5)


@torch.no_grad()
def test_small_windows_equal_those_of_torchvision_but_for_pooling() -> None:
    like = InceptionA(64, pool_features=32)
    block = with_weights(Mixed(64, small_windows(), 32), like)
    x = torch.rand(1, 64, 7, 8)
    assert torch.allclose(block(x)[:, :-32], like(x)[:, :-32], atol=1e-5)
