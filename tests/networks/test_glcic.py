"""GLCIC's completion network: what it sees, how far, and at which sizes."""

import pytest
import torch

from vidinpaint.networks.glcic import Glcic


@torch.no_grad()
@pytest.mark.parametrize("size", [(16, 16), (40, 56)])
def test_nothing_under_the_mask_counts_and_the_result_is_in_range(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    network = Glcic(8).eval()
    image, mask = torch.rand(2, 3, *size) * 2 - 1, torch.zeros(2, 1, *size)
    mask[..., 4:12, 5:14] = 1
    result = network(image, mask)
    assert result.shape == image.shape
    assert result.abs().max() < 1
    assert torch.equal(network(torch.where(mask > 0, 0.3, image), mask), result)
    assert not torch.equal(network(image, 1 - mask), result)


@torch.no_grad()
def test_the_first_layer_sees_colours_from_0_to_1_with_the_mean_under_the_mask_and_the_mask() -> None:
    network, seen = Glcic(2, (0.25, 0.5, 0.75)).eval(), []
    network.conv1.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    image, mask = torch.full((1, 3, 8, 8), -0.5), torch.zeros(1, 1, 8, 8)
    mask[..., 2:4, :] = 1
    network(image, mask)
    assert torch.equal(seen[0][0, :, 2, 0], torch.tensor([0.25, 0.5, 0.75, 1]))
    assert torch.equal(seen[0][0, :, 0, 0], torch.tensor([0.25, 0.25, 0.25, 0]))


def test_a_pixel_sees_as_far_as_in_the_paper() -> None:
    """307 pixels, section 3.2: 153 to each side, within the 4 pixels by which strides and up-convolutions shift it."""
    torch.manual_seed(0)
    network = Glcic(8).double().eval()
    image = torch.zeros(1, 3, 8, 400, dtype=torch.double, requires_grad=True)
    network(image, torch.zeros(1, 1, 8, 400, dtype=torch.double))[..., 200].sum().backward()
    assert image.grad is not None
    columns = torch.nonzero(image.grad.abs().sum((0, 1, 2)))[:, 0]
    assert 307 - 8 <= int(columns[-1] - columns[0]) + 1 <= 307 + 8


@pytest.mark.parametrize("settings", [{"width": 3}, {"width": 10**9}, {"mean": [0.5]}, {"mean": [0.5, 0.5, 2.0]}])
def test_settings_out_of_range(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Glcic(**settings)  # type: ignore[arg-type]
