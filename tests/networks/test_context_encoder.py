"""The context encoder: what it sees, its channel-wise layer, its sizes."""

import pytest
import torch

from vidinpaint.networks.context_encoder import MEAN_COLOUR, ChannelwiseLinear, ContextEncoder, hidden_part


@torch.no_grad()
@pytest.mark.parametrize("bottleneck", [0, 8])
def test_the_hidden_part_has_no_influence_and_only_the_centre_changes(bottleneck: int) -> None:
    network = ContextEncoder(4, bottleneck).eval()
    image, mask = torch.rand(2, 3, 128, 128) * 2 - 1, torch.zeros(2, 1, 128, 128)
    other = image.clone()
    other[..., hidden_part(), hidden_part()] = 0.3
    result = network(image, mask)
    assert torch.equal(result[..., 32:96, 32:96], network(other, mask)[..., 32:96, 32:96])
    outside = torch.ones(128, 128, dtype=torch.bool)
    outside[32:96, 32:96] = False
    assert torch.equal(result[..., outside], image[..., outside])
    assert not torch.equal(result[..., ~outside], image[..., ~outside])
    other[..., 35, 64] += 0.5  # in the overlap, which the network sees
    assert not torch.equal(result[..., 32:96, 32:96], network(other, mask)[..., 32:96, 32:96])


def test_the_network_is_given_the_published_mean_colour() -> None:
    network, seen = ContextEncoder(4, 8).eval(), []
    network.main.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    network.centre(torch.ones(1, 3, 128, 128))
    assert hidden_part() == slice(36, 92)
    assert (seen[0][0, :, 64, 64] + 1).mul(127.5).tolist() == pytest.approx([117, 104, 123], abs=1e-3)
    assert bool((seen[0][0, :, :36] == 1).all())
    assert len(MEAN_COLOUR) == 3


@torch.no_grad()
def test_the_channelwise_layer_connects_all_pixels_of_a_channel_and_no_two_channels() -> None:
    layer = ChannelwiseLinear(3, 4)
    assert sum(weights.numel() for weights in layer.parameters()) == 3 * (16 * 16 + 16)
    x = torch.rand(2, 3, 4, 4)
    other = x.clone()
    other[:, 1, 2, 3] += 1
    changed = layer(other) - layer(x)
    assert bool((changed[:, 1] != 0).all())
    assert not changed[:, [0, 2]].any()
    expected = layer.weight[2] @ x[0, 2].flatten() + layer.bias[2]
    assert torch.allclose(layer(x)[0, 2].flatten(), expected, atol=1e-5)


@pytest.mark.parametrize("wrong", [{"width": 2}, {"bottleneck": -1}, {"bottleneck": 10**6}])
def test_sizes_out_of_range(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected width 4 to 256 and bottleneck"):
        ContextEncoder(**wrong)
