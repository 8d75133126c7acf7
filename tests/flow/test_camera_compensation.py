"""Flow that failed is estimated again over the camera's motion."""

import numpy as np

from tests.scenes import box_masks, pan
from vidinpaint.flow.camera_compensation import compensate_camera

SPEED = 5.0
FRAMES = pan(8, 60, 90, SPEED)
KNOWN = ~box_masks(8, 60, 90, (30, 15, 25, 20))


class Short:
    """Finds the motion of a pan, along x, where it is at most 2 pixels; else it finds something else."""

    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        forward = np.zeros((*wanted.shape, *frames.shape[1:3], 2), np.float32)
        backward = np.zeros_like(forward)
        for pair in np.flatnonzero(wanted):
            now, following = frames[pair : pair + 2, 5:-5, 10:-10].mean(-1)
            rolled = [np.abs(np.roll(following, -shift, 1) - now)[:, 3:-3].mean() for shift in (-2, -1, 0, 1, 2)]
            shift = int(np.argmin(rolled)) - 2
            found = min(rolled) < 0.01
            forward[pair, ..., 0] = shift if found else 9
            backward[pair, ..., 0] = -shift if found else 4
        return forward, backward

    def for_downscaled(self, times: int) -> "Short":
        return self


def truth(pairs: int) -> tuple[np.ndarray, np.ndarray]:
    forward = np.zeros((pairs, 60, 90, 2), np.float32)
    forward[..., 0] = -SPEED
    return forward, -forward


def test_a_failed_pair_takes_the_motion_of_its_neighbours() -> None:
    expected = truth(7)
    forward, backward = (flow.copy() for flow in expected)
    forward[3], backward[3] = 7, 7
    compensate_camera(Short(), FRAMES, KNOWN, forward, backward)
    assert np.array_equal(forward, expected[0])
    assert np.array_equal(backward, expected[1])


def test_a_jump_is_estimated_again_even_if_it_is_consistent() -> None:
    expected = truth(7)
    forward, backward = (flow.copy() for flow in expected)
    forward[2, ..., 0], backward[2, ..., 0] = 4, -4
    compensate_camera(Short(), FRAMES, KNOWN, forward, backward)
    assert np.array_equal(forward, expected[0])
    assert np.array_equal(backward, expected[1])


def test_flow_that_does_not_improve_stays() -> None:
    noise = np.random.default_rng(0).random(FRAMES.shape, np.float32)
    forward, backward = truth(7)
    forward[3], backward[3] = 7, 7
    before = forward.copy(), backward.copy()
    compensate_camera(Short(), noise, KNOWN, forward, backward)
    assert np.array_equal(forward, before[0])
    assert np.array_equal(backward, before[1])


def test_good_flow_and_still_cameras_are_left_alone() -> None:
    class Never(Short):
        def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            raise AssertionError("nothing failed")

    compensate_camera(Never(), FRAMES, KNOWN, *truth(7))
    still = np.zeros((7, 60, 90, 2), np.float32)
    compensate_camera(Never(), FRAMES, KNOWN, still, still + np.float32(3))
