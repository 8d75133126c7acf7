"""The coarse and refining generator with contextual attention (DeepFill v1)."""

import pytest
import torch

from vidinpaint.networks.attention_generator import AttentionGenerator


def image_and_mask() -> tuple[torch.Tensor, torch.Tensor]:
    image, mask = torch.rand(2, 3, 32, 40) * 2 - 1, torch.zeros(2, 1, 32, 40)
    mask[..., 8:20, 8:24] = 1
    return image * (1 - mask), mask


def test_both_stages_are_images_and_all_weights_learn() -> None:
    torch.manual_seed(0)
    network = AttentionGenerator(8)
    image, mask = image_and_mask()
    outputs = network(image, mask)
    for output in outputs:
        assert output.shape == image.shape
        assert output.abs().max() <= 1
        assert 0.01 < output.std() < 1  # initialisation preserves the scale of signals
    sum(output.square().mean() for output in outputs).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


@torch.no_grad()
def test_the_refined_image_does_not_depend_on_the_coarse_one_outside_the_mask() -> None:
    torch.manual_seed(0)
    network = AttentionGenerator(4)
    image, mask = image_and_mask()
    coarse, refined = network(image, mask)
    changed = torch.where(mask > 0, coarse, torch.rand_like(coarse))
    network.coarse_generator.forward = lambda *_: changed
    assert torch.equal(network(image, mask)[1], refined)
    network.coarse_generator.forward = lambda *_: -coarse
    assert not torch.equal(network(image, mask)[1], refined)


@pytest.mark.parametrize("width", [0, 7, 10**9])
def test_widths_out_of_range(width: int) -> None:
    with pytest.raises(ValueError, match="width"):
        AttentionGenerator(width)
