"""Fourier convolutions and LaMa: the whole image counts, at any size, and nothing under the mask does."""

import pytest
import torch

from tests.small_networks import small_network
from vidinpaint.networks.fourier_conv import FourierConv, FourierUnit
from vidinpaint.networks.lama import Lama


@torch.no_grad()
def test_a_fourier_unit_convolves_the_spectrum() -> None:
    """With a pointwise convolution that passes all of a spectrum which ReLU leaves alone, it is the identity."""
    unit = FourierUnit(2).eval()
    unit.conv_layer.weight.copy_(torch.eye(4)[..., None, None])
    impulse = torch.zeros(1, 2, 6, 7)
    impulse[..., 0, 0] = torch.tensor([3.0, 5.0])  # its spectrum is real and constant
    assert torch.allclose(unit(impulse), impulse, atol=1e-4)


@torch.no_grad()
def test_global_channels_see_the_whole_image_and_local_ones_their_surroundings() -> None:
    torch.manual_seed(0)
    layer = FourierConv(8, 8, 3, 0.5, 0.5).eval()
    local, whole = torch.rand(1, 4, 16, 24), torch.rand(1, 4, 16, 24)
    before = layer((local, whole))
    changed = whole.clone()
    changed[..., 2, 3] += 10
    after = layer((local, changed))
    assert (after[1] != before[1]).any(1).all()
    assert (after[0] != before[0]).any(1).sum() == 9
    local[..., 8, 8] += 10
    assert (layer((local, whole))[1] != before[1]).any(1).sum() == 9


@torch.no_grad()
def test_one_pixel_changes_the_whole_result() -> None:
    torch.manual_seed(0)
    network = Lama(8, 2).double().eval()
    image, mask = torch.rand(1, 3, 64, 96).double() * 2 - 1, torch.zeros(1, 1, 64, 96).double()
    before = network(image, mask)
    image[..., 1, 2] *= -1
    assert (network(image, mask) != before).any(1).all()


@torch.no_grad()
def test_nothing_under_the_mask_counts_and_the_result_is_in_range() -> None:
    network = small_network("lama")
    image, mask = torch.rand(1, 3, 40, 56) * 2 - 1, torch.zeros(1, 1, 40, 56)
    mask[..., 8:24, 10:40] = 1
    result = network(image, mask)
    assert result.shape == image.shape
    assert result.abs().max() < 1
    assert torch.equal(network(torch.where(mask > 0, 0.3, image), mask), result)
    assert not torch.equal(network(image, 1 - mask), result)


def test_bfloat16_is_used_where_it_can_be() -> None:
    """There is no Fourier transform of bfloat16."""
    network = Lama(4, 1, 1)
    with torch.autocast("cpu", torch.bfloat16):
        result = network(torch.rand(2, 3, 16, 16), torch.zeros(2, 1, 16, 16))
    result.float().mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


@pytest.mark.parametrize(
    "settings", [{"width": 2}, {"width": 10**9}, {"blocks": 0}, {"halvings": 4}, {"ratio": 1.0}, {"ratio": 0.0}]
)
def test_absurd_settings_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Lama(**settings)  # type: ignore[arg-type]
