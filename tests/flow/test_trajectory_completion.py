"""Unreliable flow around a mask, and trajectories through it over many frames."""

import numba
import numpy as np

from tests.scenes import box_masks, pan
from vidinpaint.flow.trajectory_completion import join_sides
from vidinpaint.flow.unreliable_flow import NEAR, TOUCHED, unreliable_flow
from vidinpaint.numerics.morphology import dilate

T, H, W = 16, 64, 128
MASK = (52, 20, 20, 24)
MOTION = -3.0  # of the whole picture, which rests according to the plane


def _scene() -> tuple[np.ndarray, np.ndarray]:
    grey = (pan(T, H, W, -MOTION).mean(-1) * 255).astype(np.float32)
    return grey, box_masks(T, H, W, MASK)


def _joined(grey: np.ndarray, masks: np.ndarray, guess: float) -> np.ndarray:
    near = dilate(masks, NEAR)
    velocity = np.zeros((T, H, W, 2), np.float32)
    velocity[..., 0] = np.where(near, guess, MOTION)
    still = np.zeros((T - 1, 8))
    return join_sides(velocity, velocity, near, masks, grey, still, still)


def test_a_poor_guess_under_a_mask_is_corrected_by_what_both_sides_show() -> None:
    grey, masks = _scene()
    velocity = _joined(grey, masks, MOTION + 0.6)
    middle = masks[6:10]
    assert np.abs(velocity[6:10][middle, 0] - MOTION).mean() < 0.2
    assert np.abs(velocity[6:10][middle, 1]).mean() < 0.2


def test_masked_pixels_are_never_read() -> None:
    grey, masks = _scene()
    black, white = np.where(masks, np.float32(0), grey), np.where(masks, np.float32(255), grey)
    assert np.array_equal(_joined(black, masks, -2.0), _joined(white, masks, -2.0))


def test_velocities_away_from_the_mask_stay() -> None:
    grey, masks = _scene()
    far = ~dilate(masks, NEAR)
    assert (_joined(grey, masks, 0.0)[far] == (MOTION, 0)).all()


def test_same_velocities_for_any_number_of_threads() -> None:
    grey, masks = _scene()
    results = []
    before = numba.get_num_threads()
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        results.append(_joined(grey, masks, -2.0))
    numba.set_num_threads(before)
    assert np.array_equal(*results)


def test_flow_beside_a_mask_is_kept_where_it_is_reliable() -> None:
    grey = (pan(2, H, W, 2.0).mean(-1) * 255).astype(np.float32)
    masks = box_masks(1, H, W, MASK)
    flow = np.zeros((1, H, W, 2), np.float32)
    flow[..., 0] = -2
    error = np.zeros((1, H, W), np.float32)
    unreliable = unreliable_flow(flow, error, masks, masks, grey[:1], grey[1:])
    touched = dilate(masks, TOUCHED)
    assert unreliable[touched].all()
    assert not (unreliable & ~dilate(masks, TOUCHED + 5)).any()  # up to there flow ends in the mask of the next frame
    error[0, :20] = 2
    doubted = unreliable_flow(flow, error, masks, masks, grey[:1], grey[1:])
    near = dilate(masks, NEAR)
    assert np.array_equal(doubted[:, :20], near[:, :20])  # the two ways of the flow disagree
    assert not (doubted & ~near).any()
    wrong = unreliable_flow(flow + 9, np.zeros_like(error), masks, masks, grey[:1], grey[1:])
    assert wrong[near & ~touched].mean() > 0.8  # other colours
