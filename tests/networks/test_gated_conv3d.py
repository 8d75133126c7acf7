"""3D gated convolutions: gates, time, and independence of values under the mask."""

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


def test_a_layer_depends_on_one_frame_before_and_one_after() -> None:
    layer, x = GatedConv3d(1, 1), torch.randn(1, 1, 5, 6, 6)
    before = layer(x)
    x[:, :, 2] += 1
    assert (layer(x) != before).flatten(3).any(3)[0, 0].tolist() == [False, True, True, True, False]


def test_values_under_the_masks_are_ignored() -> None:
    network = small_network("conv3d")
    frames, masks = window()
    inpainted = network(frames, masks)
    other = torch.where(masks > 0, torch.nan, frames)
    assert torch.equal(network(other, masks), inpainted)
    known = (masks == 0).expand_as(frames)
    assert torch.equal(inpainted[known], frames[known])
    changed = frames.clone()
    changed[:, :, 0, 0, 0] += 0.5  # known pixels of other frames matter
    assert (network(changed, masks) != inpainted)[0, :, 2, 4:11, 5:12].any()


def test_equal_frames_get_equal_results() -> None:
    frames, masks = window()
    frames = frames[:, :, :1].expand(-1, -1, 5, -1, -1).contiguous()
    inpainted = small_network("conv3d")(frames, masks)
    assert torch.allclose(inpainted, inpainted[:, :, :1].expand_as(inpainted), atol=1e-6)


def test_it_initially_returns_the_smooth_start_and_constant_stays_constant() -> None:
    frames, masks = window(2)
    initial = GatedGenerator3d(width=4)(frames, masks)
    for t in range(2):
        start = smooth_start(frames[:, :, t], masks[:, :, t])
        assert torch.allclose(initial[:, :, t], start, atol=1e-2)
    constant = torch.full_like(frames, 0.3)
    assert torch.allclose(small_network("conv3d")(constant, masks), constant, atol=1e-5)


def test_contrast_and_brightness_of_the_input_transfer_to_the_result() -> None:
    frames, masks = window(3)
    network = small_network("conv3d")
    inpainted, dimmed = network(frames, masks), network(frames * 0.5 + 0.2, masks)
    assert torch.allclose(dimmed, inpainted * 0.5 + 0.2, atol=5e-3)


def test_a_width_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="width of 4 to 256"):
        GatedGenerator3d(width=10**6)


def test_the_smooth_start_approximates_laplaces_equation() -> None:
    image = texture(40, 48)
    mask = np.zeros((40, 48), bool)
    mask[10:30, 8:37] = True
    expected = smooth_interpolation(np.where(mask[..., None], np.float32(0), image)[None], mask[None])[0]
    tensor, masked = torch.from_numpy(image).permute(2, 0, 1)[None], torch.from_numpy(mask)[None, None].float()
    actual = smooth_start(tensor, masked)
    assert np.abs(actual[0].permute(1, 2, 0).numpy() - expected).max() < 0.02
    assert torch.equal(smooth_start(torch.where(masked > 0, torch.nan, tensor), masked), actual)
    assert torch.equal(smooth_start(tensor, masked * 0), tensor)
    assert smooth_start(tensor, masked * 0 + 1).abs().max() == 0
