"""Flow around and under masks, on motion that is known."""

import numpy as np
import pytest

from tests.scenes import box_masks, pan, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.flow.completion import complete
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.dis import Dis
from vidinpaint.flow.estimate import first_flow, refined_flow
from vidinpaint.flow.planar import fit_planar, planar_fields
from vidinpaint.flow.static_pairs import static_pairs
from vidinpaint.numerics.morphology import dilate

MASK = (60, 40, 30, 24)


def test_a_pan_is_found_even_under_the_mask() -> None:
    frames = pan(4, 120, 160, 2.0, -1.0)
    masks = box_masks(4, 120, 160, MASK)
    frames[masks] = 1.0  # what is under the mask must not matter
    flow = first_flow(Dis(), frames, masks)
    under = masks[0]
    assert np.abs(flow.forward[1][under] - (-2.0, 1.0)).max() < 0.3
    assert np.abs(flow.backward[1][under] - (2.0, -1.0)).max() < 0.3
    assert flow.forward_ok[1][under].all()
    assert not flow.static.any()


def test_content_of_the_mask_has_no_influence() -> None:
    frames = pan(3, 64, 80, 1.5)
    masks = box_masks(3, 64, 80, (30, 20, 16, 14))
    other = frames.copy()
    other[masks] = np.random.default_rng(0).random((masks.sum(), 3))
    one, two = first_flow(Dis(), frames, masks), first_flow(Dis(), other, masks)
    assert np.array_equal(one.forward, two.forward)
    assert np.array_equal(one.backward_error, two.backward_error)


def test_a_still_camera_with_grain_needs_no_flow() -> None:
    random = np.random.default_rng(0)
    frames = np.clip(texture(100, 120)[None] + random.normal(0, 4 / 255, (5, 100, 120, 3)), 0, 1).astype(np.float32)
    masks = box_masks(5, 100, 120, MASK)
    assert static_pairs(frames, masks).all()
    flow = first_flow(Dis(), frames, masks)
    assert flow.static.all()
    assert not flow.forward.any()
    assert not flow.forward_error.any()


def test_a_small_moving_object_is_detected() -> None:
    frames = np.repeat(texture(100, 120)[None], 3, 0)
    for t in range(3):
        frames[t, 10:22, 10 + 6 * t : 22 + 6 * t] = 1.0
    assert not static_pairs(frames, box_masks(3, 100, 120, MASK)).any()


def test_refined_flow_is_no_worse_on_the_truth() -> None:
    frames = pan(4, 120, 160, 3.0)
    masks = box_masks(4, 120, 160, MASK)
    flow = refined_flow(Dis(), frames, masks, np.zeros(3, bool))
    assert np.abs(flow.forward[1][masks[0]] - (-3.0, 0.0)).max() < 0.3


def test_planar_fit_recovers_its_own_motion_past_outliers() -> None:
    H, W = 60, 80
    truth = np.array([1.5, 20.0, -4.0, -0.5, 3.0, 12.0, 6.0, -5.0])
    flow = planar_fields(truth[None], H, W)
    known = np.ones((1, H, W), bool)
    known[0, 20:40, 30:50] = False
    flow[0, :10] += 30  # another motion
    refined = fit_planar(flow, known)[0]
    assert np.allclose(refined, truth, atol=0.02)


def test_planar_fit_of_nothing_is_zero() -> None:
    assert not fit_planar(np.ones((1, 20, 20, 2), np.float32), np.zeros((1, 20, 20), bool)).any()


def test_each_mask_gets_the_hypothesis_its_surroundings_support() -> None:
    """Left and right half move apart: one plane explains neither mask, smooth interpolation both."""
    H, W = 90, 240
    left, right = pan(2, H, W // 2, 3.0, seed=1), pan(2, H, W // 2, -3.0, seed=2)
    grey = np.concatenate([left, right], 2).mean(-1).astype(np.float32) * 255
    flow = np.zeros((1, H, W, 2), np.float32)
    flow[..., : W // 2, 0], flow[..., W // 2 :, 0] = -3, 3
    masks = box_masks(1, H, W, (50, 35, 20, 20)) | box_masks(1, H, W, (170, 35, 20, 20))
    completed, _ = complete(flow, dilate(masks, 12), masks, masks, grey[:1], grey[1:])
    assert np.abs(completed[0, 35:55, 50:70, 0] + 3).max() < 0.2
    assert np.abs(completed[0, 35:55, 170:190, 0] - 3).max() < 0.2


def test_consistency_by_hand() -> None:
    there = np.zeros((1, 4, 6, 2), np.float32)
    there[..., 0] = 1
    back = -there
    error = forward_backward_error(there, back)
    assert np.allclose(error[0, :, :5], 0)
    assert (error[0, :, 5] > 1e6).all()  # leaves the picture
    error = forward_backward_error(there, np.zeros_like(there) + np.float32(1e-9))
    assert np.allclose(error[0, :, :5], 1 / 0.51, rtol=1e-5)  # |1 + 0|^2 / (.01 * 1 + .5)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 5), (13, 40), (33, 31)])
def test_odd_and_tiny_pictures(size: tuple[int, int]) -> None:
    frames = pan(3, *size, 0.5)
    masks = np.zeros((3, *size), bool)
    masks[:, size[0] // 2, size[1] // 2] = size != (1, 1)
    flow = first_flow(Dis(), frames, masks)
    assert np.isfinite(flow.forward).all()


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(SettingError, match="ultrafast, fast, medium"):
        Dis(preset="slow")


def test_flow_does_not_depend_on_opencv_threads() -> None:
    import cv2

    frames = pan(3, 120, 160, 2.0)
    before = cv2.getNumThreads()
    flows = []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        flows.append(Dis().estimate(frames, np.ones(2, bool))[0])
    cv2.setNumThreads(before)
    assert np.array_equal(*flows)
