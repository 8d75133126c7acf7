"""The structure network: any size, a view of the whole image, and no influence of masked pixels."""

import pytest
import torch

from tests.small_networks import small_network
from vidinpaint.networks.structure import COARSEST, Structure, halved


def scene(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    image = torch.rand((1, 3, height, width), generator=torch.Generator().manual_seed(2)) * 2 - 1
    mask = torch.zeros(1, 1, height, width)
    mask[..., height // 4 : height // 2 + 1, width // 3 : width // 2 + 1] = 1
    return image, mask


@torch.no_grad()
@pytest.mark.parametrize("size", [(1, 3), (31, 50), (97, 130), (150, 260)])
def test_any_size_and_only_the_mask_changes(size: tuple[int, int]) -> None:
    image, mask = scene(*size)
    network = small_network("structure")
    result = network(image, mask)
    assert result.shape == image.shape
    assert torch.equal(result[(mask == 0).expand_as(image)], image[(mask == 0).expand_as(image)])
    hidden = torch.where(mask > 0, torch.nan, image)
    assert torch.equal(network(hidden, mask), result)


@torch.no_grad()
def test_sizes_are_halves_down_to_the_coarsest() -> None:
    image, mask = scene(100, 4 * COARSEST)
    results = small_network("structure").sizes(image, mask)  # type: ignore[operator]
    assert [tuple(result.shape[-2:]) for result in results] == [(25, 64), (50, 128), (100, 256)]


@torch.no_grad()
def test_scattered_masks_are_inpainted_at_full_size_only() -> None:
    """At half the size nothing would be known."""
    image, mask = scene(200, 200)
    mask[..., ::2, :] = 1
    assert [tuple(result.shape[-2:]) for result in small_network("structure").sizes(image, mask)] == [(200, 200)]  # type: ignore[operator]


@torch.no_grad()
def test_each_masked_pixel_sees_the_whole_image() -> None:
    image, mask = scene(64, 64)
    network = small_network("structure")
    other = image.clone()
    other[..., 60:, 60:] = -other[..., 60:, 60:]  # far beyond the reach of the convolutions from the mask's corner
    change = (network(other, mask) - network(image, mask)).abs()[..., 16:20, 21:24]
    assert change.max() > 1e-6


@torch.no_grad()
def test_a_new_network_enlarges_the_smooth_start() -> None:
    image, mask = scene(128, 128)
    coarse, fine = Structure(width=4, blocks=1).sizes(image, mask)
    known = (mask[..., ::2, ::2] == 0).expand_as(coarse)
    assert torch.equal(coarse[known], halved(image)[known])
    inner = fine[..., 40:60, 50:60]
    enlarged = torch.nn.functional.interpolate(coarse, scale_factor=2, mode="bilinear")[..., 40:60, 50:60]
    assert torch.allclose(inner, enlarged, atol=1e-6)


@pytest.mark.parametrize("settings", [{"width": 3}, {"width": 512}, {"blocks": 0}])
def test_absurd_settings_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Structure(**settings)
