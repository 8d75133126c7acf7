"""What a hole spoils of the flow around it, and motion through it over many frames."""

import numba
import numpy as np

from tests.scenes import box_holes, pan
from vidinpaint.flow.spoilt import NEAR, TOUCHED, grown, spoilt_flow
from vidinpaint.flow.tracks import join_sides

T, H, W = 16, 64, 128
HOLE = (52, 20, 20, 24)
MOTION = -3.0  # of the whole picture, which the plane says stands still


def _scene() -> tuple[np.ndarray, np.ndarray]:
    grey = (pan(T, H, W, -MOTION).mean(-1) * 255).astype(np.float32)
    return grey, box_holes(T, H, W, HOLE)


def _joined(grey: np.ndarray, holes: np.ndarray, guess: float) -> np.ndarray:
    near = grown(holes, NEAR)
    velocity = np.zeros((T, H, W, 2), np.float32)
    velocity[..., 0] = np.where(near, guess, MOTION)
    still = np.zeros((T - 1, 8))
    return join_sides(velocity, velocity, near, holes, grey, still, still)


def test_a_poor_guess_under_a_hole_is_put_right_by_what_both_sides_show() -> None:
    grey, holes = _scene()
    velocity = _joined(grey, holes, MOTION + 0.6)
    middle = holes[6:10]
    assert np.abs(velocity[6:10][middle, 0] - MOTION).mean() < 0.2
    assert np.abs(velocity[6:10][middle, 1]).mean() < 0.2


def test_what_is_under_the_hole_is_never_looked_at() -> None:
    grey, holes = _scene()
    black, white = np.where(holes, np.float32(0), grey), np.where(holes, np.float32(255), grey)
    assert np.array_equal(_joined(black, holes, -2.0), _joined(white, holes, -2.0))


def test_velocities_away_from_the_hole_stay() -> None:
    grey, holes = _scene()
    far = ~grown(holes, NEAR)
    assert (_joined(grey, holes, 0.0)[far] == (MOTION, 0)).all()


def test_same_velocities_for_any_number_of_threads() -> None:
    grey, holes = _scene()
    results = []
    before = numba.get_num_threads()
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        results.append(_joined(grey, holes, -2.0))
    numba.set_num_threads(before)
    assert np.array_equal(*results)


def test_flow_beside_a_hole_is_kept_where_it_proves_right() -> None:
    grey = (pan(2, H, W, 2.0).mean(-1) * 255).astype(np.float32)
    holes = box_holes(1, H, W, HOLE)
    flow = np.zeros((1, H, W, 2), np.float32)
    flow[..., 0] = -2
    error = np.zeros((1, H, W), np.float32)
    spoilt = spoilt_flow(flow, error, holes, holes, grey[:1], grey[1:])
    touched = grown(holes, TOUCHED)
    assert spoilt[touched].all()
    assert not (spoilt & ~grown(holes, TOUCHED + 5)).any()  # up to there flow ends in the hole of the next frame
    error[0, :20] = 2
    doubted = spoilt_flow(flow, error, holes, holes, grey[:1], grey[1:])
    near = grown(holes, NEAR)
    assert np.array_equal(doubted[:, :20], near[:, :20])  # the two ways of the flow disagree
    assert not (doubted & ~near).any()
    wrong = spoilt_flow(flow + 9, np.zeros_like(error), holes, holes, grey[:1], grey[1:])
    assert wrong[near & ~touched].mean() > 0.8  # other colours
