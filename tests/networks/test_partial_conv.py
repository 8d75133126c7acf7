"""Partial convolution: values under the mask and outside the image are ignored."""

import torch

from vidinpaint.networks.partial_conv import PartialConv
from vidinpaint.networks.partial_unet import PartialUnet


def scene(height: int = 20, width: int = 24) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    x = torch.rand((2, 3, height, width), generator=random)
    known = (torch.rand((2, 1, height, width), generator=random) < 0.6).float().expand_as(x)
    return x, known


def test_values_under_the_mask_are_ignored() -> None:
    x, known = scene()
    layer = PartialConv(3, 5, 5, 2, bias=True)
    other = torch.where(known > 0, x, torch.full_like(x, torch.nan))
    for a, b in zip(layer(x, known), layer(other, known)):
        assert torch.equal(a, b)


def test_a_constant_stays_for_any_mask() -> None:
    """Equation 1: the sum over the known pixels is scaled up to the whole window."""
    x, known = scene()
    layer = PartialConv(3, 1, 3, bias=True)
    torch.nn.init.constant_(layer.input_conv.weight, 1 / 27)
    torch.nn.init.constant_(layer.input_conv.bias, 0.5)
    out, seen = layer(torch.full_like(x, 0.25), known)
    assert torch.allclose(out[seen > 0], torch.tensor(0.75))  # at the border too: padding counts as unknown


@torch.no_grad()
def test_equals_the_explicit_sum() -> None:
    x, known = scene(5, 6)
    layer = PartialConv(3, 2, 3)
    out, seen = layer(x, known)
    for row, column in ((0, 0), (2, 3), (4, 5)):
        total, count = 0.0, 0.0
        for j in range(max(0, row - 1), min(5, row + 2)):
            for i in range(max(0, column - 1), min(6, column + 2)):
                weight = layer.input_conv.weight[1, :, j - row + 1, i - column + 1]
                total += float((weight * x[0, :, j, i] * known[0, :, j, i]).sum())
                count += float(known[0, :, j, i].sum())
        assert abs(float(out[0, 1, row, column]) - (total * 27 / count if count else 0)) < 1e-5
        assert float(seen[0, 0, row, column]) == (count > 0)


def test_the_known_area_grows_until_all_is_known() -> None:
    known = torch.zeros(1, 1, 9, 9)
    known[..., 4, 4] = 1
    layer = PartialConv(1, 1, 3)
    for radius in range(1, 5):
        _, known = layer(known, known)
        assert known.sum() == (2 * radius + 1) ** 2
        assert set(known.unique().tolist()) <= {0, 1}


def test_one_channel_of_known_serves_all_channels() -> None:
    x, known = scene()
    layer = PartialConv(3, 2, 3)
    for once, each in zip(layer(x, known[:, :1]), layer(x, known)):
        assert torch.allclose(once, each, atol=1e-6)


def test_nothing_known_gives_zero_and_finite_gradients() -> None:
    layer = PartialConv(2, 3, 3, bias=True)
    torch.nn.init.constant_(layer.input_conv.bias, 1)
    x = torch.rand(1, 2, 6, 6, requires_grad=True)
    out, seen = layer(x, torch.zeros(1, 2, 6, 6))
    out.sum().backward()
    assert not out.any()
    assert not seen.any()
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()


def test_values_under_the_mask_affect_only_the_start() -> None:
    torch.manual_seed(0)
    image = torch.rand(1, 3, 32, 40) * 2 - 1
    mask = torch.zeros(1, 1, 32, 40)
    mask[..., 8:20, 10:30] = 1
    other = torch.where(mask > 0, -image, image)
    plain, added = PartialUnet(4, 3).eval(), PartialUnet(4, 3, residual=True).eval()
    assert torch.equal(plain(image, mask), plain(other, mask))
    assert torch.equal(added(image, mask), image)  # initially the start
    torch.nn.init.normal_(added.get_parameter("dec_1.conv.input_conv.weight"))
    output = added(image, mask)
    assert not torch.allclose(output, image, atol=1e-2)
    assert torch.allclose(added(other, mask) - other, output - image, atol=1e-5)


def test_frozen_layers_keep_their_statistics() -> None:
    network = PartialUnet(4, 3).train()
    network.freeze()
    before = network.get_buffer("enc_2.bn.running_mean").clone(), network.get_buffer("dec_2.bn.running_mean").clone()
    network(torch.rand(2, 3, 16, 16), torch.zeros(2, 1, 16, 16))
    assert torch.equal(network.get_buffer("enc_2.bn.running_mean"), before[0])
    assert not torch.equal(network.get_buffer("dec_2.bn.running_mean"), before[1])
