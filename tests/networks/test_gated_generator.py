"""Gated convolutions, contextual attention, and the generator of both."""

import pytest
import torch

from vidinpaint.networks.contextual_attention import ContextualAttention
from vidinpaint.networks.gated_conv import GatedConv
from vidinpaint.networks.gated_generator import GatedGenerator


def test_gates_are_from_0_to_1_and_scale_the_features() -> None:
    torch.manual_seed(0)
    layer = GatedConv(3, 4, 5, stride=2)
    x = 100 * torch.randn(2, 3, 10, 12)
    features, gates = layer.features_and_gates(x)
    assert gates.min() >= 0
    assert gates.max() <= 1
    assert features.shape == gates.shape == (2, 4, 5, 6)
    assert features.min() >= -1  # ELU
    assert torch.equal(layer(x), features * gates)


def test_late_padding_is_only_at_the_end() -> None:
    """The first tap of a window lies on the first pixel with late padding, outside otherwise."""
    x = torch.zeros(1, 1, 6, 6)
    x[..., 0, 0] = 1
    for late, tap in ((True, 0), (False, 1)):
        layer = GatedConv(1, 2, stride=2, late=late)
        features, _ = layer.features_and_gates(x)
        assert torch.allclose(features[0, :, 0, 0], torch.nn.functional.elu(layer.conv.weight[:2, 0, tap, tap]))
        assert not features[..., 1:, 1:].any()


def repeated_patch() -> tuple[torch.Tensor, torch.Tensor, tuple[slice, slice], tuple[slice, slice]]:
    """Features with the same 12 x 12 patch twice, far apart; the mask lies inside the second one."""
    random = torch.Generator().manual_seed(3)
    x = torch.rand((1, 6, 32, 48), generator=random)
    source, target = (slice(4, 16), slice(4, 16)), (slice(14, 26), slice(32, 44))
    x[:, :, target[0], target[1]] = x[:, :, source[0], source[1]]
    mask = torch.zeros(1, 1, 128, 192)
    mask[..., 4 * 18 : 4 * 22, 4 * 36 : 4 * 40] = 1
    return x, mask, source, target


@pytest.mark.parametrize(("propagate", "added"), [(True, 0.0), (False, 0.0), (True, 1e-4)])
def test_sharp_attention_copies_a_distant_patch_exactly(propagate: bool, added: float) -> None:
    x, mask, source, target = repeated_patch()
    pasted = ContextualAttention(sharpness=1e4, propagate=propagate, added=added)(x.clone(), mask)
    inner = slice(4, 8)  # the part of the patch under the mask
    assert torch.equal(
        pasted[:, :, target[0], target[1]][..., inner, inner], x[:, :, source[0], source[1]][..., inner, inner]
    )


def test_attention_ignores_values_under_the_mask() -> None:
    x, mask, *_ = repeated_patch()
    x[:, :, 18:22, 36:40] = 1000
    pasted = ContextualAttention(propagate=False)(x, mask)
    assert pasted.max() < 100


def test_attention_treats_each_image_separately() -> None:
    x, mask, *_ = repeated_patch()
    both = torch.cat([x, x.flip(-1)]), torch.cat([mask, torch.zeros_like(mask)])
    layer = ContextualAttention()
    assert torch.allclose(layer(*both)[:1], layer(x, mask), atol=1e-5)
    assert torch.allclose(layer(*both)[1:], layer(x.flip(-1), torch.zeros_like(mask)), atol=1e-5)


def test_a_full_mask_gives_zero() -> None:
    pasted = ContextualAttention()(torch.rand(1, 4, 8, 8), torch.ones(1, 1, 32, 32))
    assert not pasted.any()


def test_the_generator_initially_returns_the_start_and_both_stages_get_gradients() -> None:
    torch.manual_seed(0)
    network = GatedGenerator(8, residual=True)
    image, mask = torch.rand(2, 3, 32, 40) * 2 - 1, torch.zeros(2, 1, 32, 40)
    mask[..., 8:20, 8:24] = 1
    coarse, refined = network(image, mask)
    assert torch.equal(coarse, image)
    assert torch.equal(refined, image)
    for stage in (network.stage1, network.stage2):
        torch.nn.init.normal_(stage.conv_to_rgb.conv.weight, 0, 0.1)
    sum(part.square().mean() for part in network(image, mask)).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


def test_initialisation_preserves_the_scale_of_signals() -> None:
    torch.manual_seed(0)
    coarse, refined = GatedGenerator(16)(torch.rand(1, 3, 64, 64) * 2 - 1, torch.zeros(1, 1, 64, 64))
    assert 0.01 < refined.std() < 1
    assert 0.01 < coarse.std() < 1


def test_a_sketch_matters_only_in_the_mask() -> None:
    torch.manual_seed(0)
    network = GatedGenerator(8, sketch=True)
    image, mask = torch.rand(1, 3, 32, 32), torch.zeros(1, 1, 32, 32)
    mask[..., 8:16, 8:16] = 1
    lines = torch.zeros_like(mask)
    lines[..., 20:24, :] = 1
    with torch.no_grad():
        assert torch.equal(network(image, mask, lines)[1], network(image, mask)[1])
        lines[..., 10, :] = 1
        assert not torch.equal(network(image, mask, lines)[1], network(image, mask)[1])


@pytest.mark.parametrize("width", [7, 10, 10**9])
def test_widths_out_of_range(width: int) -> None:
    with pytest.raises(ValueError, match="width"):
        GatedGenerator(width)
