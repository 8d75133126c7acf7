"""Flow on downscaled frames, and pixels propagated along it."""

import numpy as np
import pytest

from tests.scenes import box_masks, pan
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.flow.dis import Dis
from vidinpaint.flow.downscaling import downscaled, downscaled_mask, downscaling_steps
from vidinpaint.propagation.propagate import propagate


@pytest.mark.parametrize(
    ("size", "times"), [((960, 540), 0), ((961, 540), 1), ((540, 1280), 1), ((1920, 1080), 1), ((3840, 2160), 2)]
)
def test_number_of_halvings(size: tuple[int, int], times: int) -> None:
    assert downscaling_steps(*size, 960) == times


@pytest.mark.parametrize(("height", "width", "times"), [(40, 64, 1), (41, 63, 1), (41, 63, 2), (1, 1, 3)])
def test_sizes_are_rounded_up(height: int, width: int, times: int) -> None:
    frames = np.full((2, height, width, 3), 0.4, np.float32)
    small = downscaled(frames, times)
    assert small.shape == (2, -(-height // 2**times), -(-width // 2**times), 3)
    assert np.allclose(small, 0.4)


def test_pixels_are_propagated_as_along_flow_of_full_size() -> None:
    frames = pan(9, 61, 95, 4.0)  # odd sizes: the last samples stand for half a block
    masks = box_masks(9, 61, 95, (40, 20, 21, 22))
    shape = (8, 31, 48)
    move = np.zeros((*shape, 2), np.float32)
    move[..., 0] = -2
    none = np.zeros(shape, np.float32)
    flow = FlowPair(move, -move, none, none, np.zeros(8, bool)).scaled(2)
    assert flow.step == 2
    assert (flow.forward[..., 0] == -4).all()
    pixels, unknown = np.where(masks[..., None], np.float32(0), frames), masks.copy()
    propagate(pixels, unknown, flow)
    assert not unknown.any()
    assert np.abs(pixels - frames).max() < 1e-2


@pytest.mark.parametrize("step", [1, 2, 4])
def test_resting_pixels_are_found_at_any_step(step: int) -> None:
    frames = np.repeat(pan(1, 40, 60, 0.0), 12, 0)
    masks = box_masks(12, 40, 60, (20, 10, 16, 16))
    masks[0] = False
    shape = (11, 40 // step, 60 // step)
    none, still = np.zeros(shape, np.float32), np.zeros((*shape, 2), np.float32)
    pixels, unknown = np.where(masks[..., None], np.float32(0), frames), masks.copy()
    propagate(pixels, unknown, FlowPair(still, still, none, none, np.ones(11, bool), step))
    assert not unknown.any()
    assert np.abs(pixels - frames).max() < 1e-5


def test_a_downscaled_pixel_is_masked_if_any_of_its_block_is() -> None:
    masks = np.zeros((1, 8, 8), bool)
    masks[0, 3, 5] = True
    small = downscaled_mask(masks, 1)[0]
    assert small[1, 2]
    assert small.sum() == 1


def test_small_frames_stay_as_they_are() -> None:
    frames, masks = np.zeros((1, 4, 4, 3), np.float32), np.zeros((1, 4, 4), bool)
    assert downscaled(frames, 0) is frames
    assert downscaled_mask(masks, 0) is masks


def test_dis_keeps_its_finest_scale_on_downscaled_frames() -> None:
    assert Dis("medium").for_downscaled(1) == Dis("medium", finest=0)
    assert Dis("fast").for_downscaled(1) == Dis("fast", finest=1)
    assert Dis("medium", finest=0).for_downscaled(2) == Dis("medium", finest=0)
