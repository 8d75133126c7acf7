"""Flow on halved frames, and back at full size."""

import numpy as np
import pytest

from vidinpaint.flow.dis import Dis
from vidinpaint.flow.halved import enlarged, halved, halved_holes, halvings
from vidinpaint.flow_pair import FlowPair


@pytest.mark.parametrize(
    ("size", "times"), [((960, 540), 0), ((961, 540), 1), ((540, 1280), 1), ((1920, 1080), 1), ((3840, 2160), 2)]
)
def test_how_often(size: tuple[int, int], times: int) -> None:
    assert halvings(*size, 960) == times


@pytest.mark.parametrize(("height", "width", "times"), [(40, 64, 1), (41, 63, 1), (41, 63, 2), (1, 1, 3)])
def test_sizes_are_rounded_up_and_come_back(height: int, width: int, times: int) -> None:
    frames = np.full((2, height, width, 3), 0.4, np.float32)
    small = halved(frames, times)
    assert small.shape == (2, -(-height // 2**times), -(-width // 2**times), 3)
    assert np.allclose(small, 0.4)
    shape = (1, *small.shape[1:3])
    pair = FlowPair(
        np.full((*shape, 2), 1.5, np.float32), np.zeros((*shape, 2), np.float32),
        np.full(shape, 0.25, np.float32), np.zeros(shape, np.float32), np.zeros(1, bool),
    )  # fmt: skip
    large = enlarged(pair, height, width)
    assert large.forward.shape == (1, height, width, 2)
    assert np.allclose(large.forward[..., 0], 1.5 * width / shape[2])
    assert np.allclose(large.forward[..., 1], 1.5 * height / shape[1])
    assert np.allclose(large.forward_error, 0.25)
    assert not large.backward.any()


def test_a_small_pixel_is_hole_where_any_of_its_own_is() -> None:
    holes = np.zeros((1, 8, 8), bool)
    holes[0, 3, 5] = True
    small = halved_holes(holes, 1)[0]
    assert small[1, 2]
    assert small.sum() == 1


def test_nothing_is_done_to_small_frames() -> None:
    frames, holes = np.zeros((1, 4, 4, 3), np.float32), np.zeros((1, 4, 4), bool)
    assert halved(frames, 0) is frames
    assert halved_holes(holes, 0) is holes


def test_dis_looks_as_closely_at_halved_frames() -> None:
    assert Dis("medium").for_halved(1) == Dis("medium", finest=0)
    assert Dis("fast").for_halved(1) == Dis("fast", finest=1)
    assert Dis("medium", finest=0).for_halved(2) == Dis("medium", finest=0)
