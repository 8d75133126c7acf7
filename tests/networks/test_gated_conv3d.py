"""3D gated convolutions: gates, time, and that nothing under a mask is seen."""

import numpy as np
import pytest
import torch

from tests.scenes import texture
from tests.small_networks import small_network
from vidinpaint.networks.gated_conv3d import GatedConv3d
from vidinpaint.networks.gated_generator3d import GatedGenerator3d
from vidinpaint.networks.smooth_start import smooth_start
from vidinpaint.numerics.laplace import smooth_interpolation

torch.set_num_threads(1)


def window(frames: int = 5, size: int = 16) -> tuple[torch.Tensor, torch.Tensor]:
    """Frames (1, 3, T, H, W) in [-1, 1] and masks (1, 1, T, H, W)."""
    random = torch.Generator().manual_seed(0)
    masks = torch.zeros(1, 1, frames, size, size)
    masks[..., 4:11, 5:12] = 1
    return torch.rand(1, 3, frames, size, size, generator=random) * 2 - 1, masks


def test_gates_lie_between_0_and_1_and_close() -> None:
    torch.manual_seed(0)
    layer = GatedConv3d(2, 3)
    features, gates = layer.features_and_gates(torch.randn(1, 2, 4, 6, 6) * 10)
    assert 0 <= gates.min() < 0.3
    assert 0.7 < gates.max() <= 1
    with torch.no_grad():
        layer.conv.bias[3:] = -1e9  # the gates' half
    assert layer(torch.randn(1, 2, 4, 6, 6)).abs().max() == 0
    assert features.shape == (1, 3, 4, 6, 6)


def test_sizes_by_stride_dilation_and_time() -> None:
    x = torch.randn(1, 2, 4, 8, 12)
    assert GatedConv3d(2, 3, stride=2)(x).shape == (1, 3, 4, 4, 6)
    assert GatedConv3d(2, 3, dilation=4)(x).shape == (1, 3, 4, 8, 12)
    assert GatedConv3d(2, 3, 5, frames=1)(x).shape == (1, 3, 4, 8, 12)


def test_a_layer_sees_one_frame_before_and_one_after() -> None:
    layer, x = GatedConv3d(1, 1), torch.randn(1, 1, 5, 6, 6)
    before = layer(x)
    x[:, :, 2] += 1
    assert (layer(x) != before).flatten(3).any(3)[0, 0].tolist() == [False, True, True, True, False]


def test_nothing_under_the_masks_is_seen() -> None:
    network = small_network("conv3d")
    frames, masks = window()
    inpainted = network(frames, masks)
    other = torch.where(masks > 0, torch.nan, frames)
    assert torch.equal(network(other, masks), inpainted)
    known = (masks == 0).expand_as(frames)
    assert torch.equal(inpainted[known], frames[known])
    changed = frames.clone()
    changed[:, :, 0, 0, 0] += 0.5  # what is known is seen, from other frames too
    assert (network(changed, masks) != inpainted)[0, :, 2, 4:11, 5:12].any()


def test_frames_that_are_alike_are_inpainted_alike() -> None:
    frames, masks = window()
    frames = frames[:, :, :1].expand(-1, -1, 5, -1, -1).contiguous()
    inpainted = small_network("conv3d")(frames, masks)
    assert torch.allclose(inpainted, inpainted[:, :, :1].expand_as(inpainted), atol=1e-6)


def test_it_begins_as_the_smooth_start_and_plain_stays_plain() -> None:
    frames, masks = window(2)
    begun = GatedGenerator3d(width=4)(frames, masks)
    for t in range(2):
        start = smooth_start(frames[:, :, t], masks[:, :, t])
        assert torch.allclose(begun[:, :, t], start, atol=1e-2)
    plain = torch.full_like(frames, 0.3)
    assert torch.allclose(small_network("conv3d")(plain, masks), plain, atol=1e-5)


def test_contrast_and_brightness_propagate_over() -> None:
    frames, masks = window(3)
    network = small_network("conv3d")
    inpainted, dimmed = network(frames, masks), network(frames * 0.5 + 0.2, masks)
    assert torch.allclose(dimmed, inpainted * 0.5 + 0.2, atol=5e-3)


def test_an_absurd_width_is_refused() -> None:
    with pytest.raises(ValueError, match="width of 4 to 256"):
        GatedGenerator3d(width=10**6)


def test_the_smooth_start_is_nearly_laplaces() -> None:
    image = texture(40, 48)
    mask = np.zeros((40, 48), bool)
    mask[10:30, 8:37] = True
    wanted = smooth_interpolation(np.where(mask[..., None], np.float32(0), image)[None], mask[None])[0]
    tensor, shown = torch.from_numpy(image).permute(2, 0, 1)[None], torch.from_numpy(mask)[None, None].float()
    found = smooth_start(tensor, shown)
    assert np.abs(found[0].permute(1, 2, 0).numpy() - wanted).max() < 0.02
    assert torch.equal(smooth_start(torch.where(shown > 0, torch.nan, tensor), shown), found)
    assert torch.equal(smooth_start(tensor, shown * 0), tensor)
    assert smooth_start(tensor, shown * 0 + 1).abs().max() == 0
