"""Discriminators: shapes, receptive fields, spectral norm."""

import pytest
import torch
from torch import Tensor, nn

from vidinpaint.training.discriminators.critic import Critic
from vidinpaint.training.discriminators.global_local import GlobalLocal, around
from vidinpaint.training.discriminators.patch import Patch
from vidinpaint.training.discriminators.sn_patch import SNPatch
from vidinpaint.training.discriminators.temporal_patch import TemporalPatch


def spectral_norm_of(convolution: nn.Module) -> float:
    """The largest singular value of a layer's weights as a matrix."""
    weight = convolution.weight
    assert isinstance(weight, Tensor)
    return float(torch.linalg.matrix_norm(weight.detach().flatten(1), 2))


def test_sn_patch_scores_patches_of_any_size() -> None:
    discriminator = SNPatch(width=4)
    assert discriminator(torch.rand(2, 4, 128, 64)).shape == (2, 16, 2, 1)
    assert discriminator(torch.rand(1, 4, 65, 100)).shape == (1, 16, 2, 2)
    layers = [layer for layer in discriminator.layers if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in layers] == [4, 8, 16, 16, 16, 16]
    assert {layer.kernel_size + layer.stride for layer in layers} == {(5, 5, 2, 2)}


@pytest.mark.parametrize(
    "discriminator", [SNPatch(width=4), TemporalPatch(width=4, layers=3)], ids=["pictures", "clips"]
)
def test_spectral_norm_bounds_every_layer(discriminator: nn.Module) -> None:
    size = (1, 4, 3, 32, 32) if isinstance(discriminator, TemporalPatch) else (1, 4, 32, 32)
    for _ in range(30):
        discriminator(torch.rand(size))  # each call improves its estimate
    for layer in discriminator.modules():
        if isinstance(layer, (nn.Conv2d, nn.Conv3d)):
            assert spectral_norm_of(layer) == pytest.approx(1, abs=0.05)


def test_patch_gives_its_features_for_matching() -> None:
    discriminator, picture = Patch(width=4).eval(), torch.rand(1, 3, 64, 64)
    maps = discriminator.features(picture)
    assert torch.equal(maps[-1], discriminator(picture))
    assert [one.shape[1] for one in maps] == [4, 8, 16, 32, 1]
    assert maps[-1].shape[-2:] == (6, 6)


def test_patch_of_pix2pixhd() -> None:
    discriminator = Patch(width=4, strided=4, batch=True)
    maps = discriminator.features(torch.rand(2, 3, 64, 64))
    assert [one.shape[1] for one in maps] == [4, 8, 16, 32, 32, 1]
    assert [one.shape[-1] for one in maps] == [33, 17, 9, 5, 6, 7]
    norms = [any(isinstance(layer, nn.BatchNorm2d) for layer in step.modules()) for step in discriminator.steps]
    assert norms == [False, True, True, True, True]
    assert not any(hasattr(layer, "parametrizations") for layer in discriminator.modules())


def test_global_local_depends_on_both_inputs() -> None:
    torch.manual_seed(0)
    discriminator = GlobalLocal(width=4).eval()
    picture, part = torch.rand(2, 3, 64, 48), torch.rand(2, 3, 32, 32)
    score = discriminator(picture, part)
    assert score.shape == (2, 1)
    assert not torch.allclose(score, discriminator(picture + 1, part))
    assert not torch.allclose(score, discriminator(picture, part + 1))


def test_global_local_has_the_layers_of_the_paper() -> None:
    """At 256 and 128 pixels the last maps are 4 x 4, so averaging them to a grid changes nothing."""
    with torch.device("meta"):
        discriminator = GlobalLocal()
    for vector, side, widths in (
        (discriminator.whole, 256, [64, 128, 256, 512, 512, 512]),
        (discriminator.part, 128, [64, 128, 256, 512, 512]),
    ):
        assert [layer.out_channels for layer in vector.modules() if isinstance(layer, nn.Conv2d)] == widths
        assert side >> len(widths) == 4
        (linear,) = (layer for layer in vector.modules() if isinstance(layer, nn.Linear))
        assert (linear.in_features, linear.out_features) == (512 * 4 * 4, 1024)
    assert discriminator.score.in_features == 2048


@torch.no_grad()
@pytest.mark.parametrize(("grid", "side"), [(16, 256), (8, 128)])
def test_critics_have_the_layers_of_the_paper_and_take_other_sizes(grid: int, side: int) -> None:
    critic = Critic(grid, width=2)
    images = torch.rand(2, 3, side, side)
    maps = critic.trunk[:-2](images)
    assert maps.shape == (2, 8, grid, grid)
    assert torch.allclose(critic(images), critic.score(maps.flatten(1)), atol=1e-6)
    assert critic(torch.rand(1, 3, 40, 24)).shape == (1, 1)


def test_the_local_part_surrounds_the_mask_inside_the_image() -> None:
    picture = torch.arange(100.0).reshape(1, 1, 10, 10).repeat(2, 1, 1, 1)
    mask = torch.zeros(2, 1, 10, 10)
    mask[0, 0, 4:6, 5:7] = 1
    mask[1, 0, 0, 9] = 1
    parts = around(picture, mask, 4)
    assert torch.equal(parts[0, 0], picture[0, 0, 3:7, 4:8])
    assert torch.equal(parts[1, 0], picture[0, 0, 0:4, 6:10])


def test_temporal_patch_keeps_time_and_depends_on_neighbouring_frames() -> None:
    torch.manual_seed(0)
    discriminator = TemporalPatch(width=4, layers=4).eval()
    window = torch.rand(1, 4, 5, 32, 48)
    scores = discriminator(window)
    assert scores.shape == (1, 16, 5, 2, 3)
    window[:, :, 4] += 1
    changed = (discriminator(window) != scores).any(dim=1).flatten(2).any(dim=2)[0]
    assert changed.tolist() == [True] * 5
