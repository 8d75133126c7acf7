"""What a hole spoils of the flow around it, and motion through it over many frames."""

import numba
import numpy as np

from tests.scenes import box_holes, pan, texture
from vidinpaint.flow.spoilt import NEAR, TOUCHED, grown, spoilt_flow
from vidinpaint.flow.tracks import join_sides

T, H, W = 26, 64, 160
HOLE = (68, 20, 20, 24)


def _walker() -> tuple[np.ndarray, np.ndarray]:
    """Grey pictures (T, H, W) of a still scene through which a textured square goes, 4 pixels a frame; where it is."""
    grey = np.repeat(texture(H, W, seed=1)[None].mean(-1) * 255, T, 0).astype(np.float32)
    square = texture(16, 16, seed=2).mean(-1) * 255
    where = np.zeros((T, H, W), bool)
    for t in range(T):
        left = 20 + 4 * t
        grey[t, 24:40, left : left + 16] = square
        where[t, 24:40, left : left + 16] = True
    return grey, where


def _joined(grey: np.ndarray, where: np.ndarray, holes: np.ndarray) -> np.ndarray:
    near = grown(holes, NEAR)
    velocity = np.zeros((T, H, W, 2), np.float32)
    velocity[where & ~near, 0] = 4
    still = np.zeros((T - 1, 8))
    return join_sides(velocity, velocity, near, holes, grey, still, still)


def test_something_that_goes_behind_a_hole_keeps_its_motion_there() -> None:
    grey, where = _walker()
    holes = box_holes(T, H, W, HOLE)
    seen = np.where(holes, np.float32(0), grey)
    velocity = _joined(seen, where, holes)
    middle = np.zeros_like(where)
    middle[12:14] = (where & holes)[12:14]
    assert np.median(velocity[middle, 0]) > 3
    assert np.abs(np.median(velocity[middle, 1])) < 0.5
    background = holes & ~grown(where, 6)
    assert np.median(np.abs(velocity[background])) < 0.2


def test_what_is_under_the_hole_is_never_looked_at() -> None:
    grey, where = _walker()
    holes = box_holes(T, H, W, HOLE)
    black, white = np.where(holes, np.float32(0), grey), np.where(holes, np.float32(255), grey)
    assert np.array_equal(_joined(black, where, holes), _joined(white, where, holes))


def test_velocities_away_from_the_hole_stay() -> None:
    grey, where = _walker()
    holes = box_holes(T, H, W, HOLE)
    far = ~grown(holes, NEAR)
    assert np.array_equal(_joined(grey, where, holes)[far & where, 0], np.full((far & where).sum(), 4, np.float32))


def test_same_velocities_for_any_number_of_threads() -> None:
    grey, where = _walker()
    holes = box_holes(T, H, W, HOLE)
    results = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        results.append(_joined(grey, where, holes))
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
