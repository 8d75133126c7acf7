"""Propagation and synthesis, on exact flow and on estimated flow."""

import numpy as np
import pytest

from tests.scenes import box_masks, pan, psnr, texture
from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.flow.dis import Dis
from vidinpaint.flow.estimate import first_flow
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.propagation.chroma import LUMA, propagate_without_bleed
from vidinpaint.propagation.fuse import candidate_weights, fuse
from vidinpaint.propagation.propagate import propagate
from vidinpaint.propagation.synthesise import synthesise_remaining
from vidinpaint.propagation.trace import find_candidates


def uniform_flow(frames: int, height: int, width: int, dx: float, dy: float = 0.0) -> FlowPair:
    forward = np.empty((frames - 1, height, width, 2), np.float32)
    forward[:] = (dx, dy)
    error = np.zeros(forward.shape[:3], np.float32)
    return FlowPair(forward, -forward, error, error.copy(), np.zeros(frames - 1, bool))


def test_candidates_are_the_first_frames_that_show_the_pixel() -> None:
    """A row of 9 pixels, mask at columns 3..5, everything moves 2 pixels to the right per frame."""
    truth = np.zeros((4, 3, 9, 3), np.float32)
    for t in range(4):
        truth[t] = ((np.arange(9) - 2 * t) * 0.01 + 0.2)[None, :, None]
    masks = np.zeros((4, 3, 9), bool)
    masks[:, 1, 3:6] = True
    mask_pixels = MaskPixels.of(masks)
    found = find_candidates(np.where(masks[..., None], 0, truth).astype(np.float32), masks, mask_pixels,
                            uniform_flow(4, 3, 9, 2.0), 1.0)  # fmt: skip
    k = np.flatnonzero((mask_pixels.t == 1) & (mask_pixels.x == 4))[0]
    # forward it is at column 6 in frame 2, whose cell 6..7 is known; backward at column 2 in frame 0, but the cell
    # 2..3 touches the mask, and there is no frame before it
    assert found.frame[k].tolist() == [2, -1]
    assert found.hops[k, 0] == 1
    assert found.position[k, 0].tolist() == [6.0, 1.0]
    assert np.allclose(found.colour[k, 0], truth[1, 1, 4], atol=1e-6)


def test_weights_by_hand() -> None:
    masks = np.zeros((3, 2, 4), bool)
    masks[1, 0, 1] = True
    pixels = np.zeros((3, 2, 4, 3), np.float32)
    pixels[0], pixels[2] = 0.2, 0.8
    flow = uniform_flow(3, 2, 4, 0.0)
    flow.forward_error[1] = 0.5
    found = find_candidates(pixels, masks, MaskPixels.of(masks), flow, 1.0)
    weights = candidate_weights(found)
    ahead, behind = 1 / (0.3 + 0.03 + 0.15) ** 2, 1 / (0.3 + 0.03) ** 2
    assert np.allclose(weights, [[ahead, behind]])
    assert np.allclose(fuse(found, weights), (0.8 * ahead + 0.2 * behind) / (ahead + behind))


def test_true_flow_gives_back_the_truth() -> None:
    truth = pan(12, 48, 96, 4.0)
    masks = box_masks(12, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(masks[..., None], 0, truth).astype(np.float32), masks.copy()
    propagate(pixels, unknown, uniform_flow(12, 48, 96, -4.0))
    assert not unknown.any()
    assert np.array_equal(pixels[~masks], truth[~masks])
    assert np.abs(pixels - truth).max() < 0.02


def test_estimated_flow_gives_nearly_the_truth() -> None:
    truth = pan(12, 96, 160, 3.3, 1.2)
    masks = box_masks(12, 96, 160, (60, 30, 24, 30))
    pixels, unknown = np.where(masks[..., None], 0, truth).astype(np.float32), masks.copy()
    propagate(pixels, unknown, first_flow(Dis(), truth, masks))
    assert not unknown.any()
    assert psnr(pixels, truth, masks) > 32


def test_an_exposure_step_leaves_no_seam() -> None:
    """The second half is brighter; what is propagated over is matched to where it is put."""
    truth = 0.4 + 0.3 * pan(10, 48, 96, 4.0)
    truth[5:] += 0.15
    masks = box_masks(10, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(masks[..., None], 0, truth).astype(np.float32), masks.copy()
    propagate(pixels, unknown, uniform_flow(10, 48, 96, -4.0))
    assert np.abs(pixels - truth)[masks].mean() < 0.05


def test_what_no_frame_shows_is_synthesised_once() -> None:
    truth = np.repeat(texture(40, 60)[None], 5, 0)
    masks = box_masks(5, 40, 60, (20, 10, 12, 12))
    pixels, unknown = truth.copy(), masks.copy()
    flow = uniform_flow(5, 40, 60, 0.0)
    propagate(pixels, unknown, flow)
    assert np.array_equal(unknown, masks)
    calls = []

    def inpaint(t: int, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        calls.append((t, int(mask.sum())))
        return np.where(mask[..., None], np.float32(0.5), image)

    origin = synthesise_remaining(pixels, unknown, flow, inpaint, _no_remainder)
    assert calls == [(2, 144)]
    assert (origin[masks] == 2).all()
    assert (origin[~masks] == -1).all()
    assert np.allclose(pixels[masks], 0.5, atol=1e-6)
    assert not unknown.any()


def test_a_frame_that_is_all_mask_is_taken_from_the_nearest() -> None:
    pixels = np.zeros((3, 8, 8, 3), np.float32)
    pixels[0], pixels[2] = 0.25, 0.75
    unknown = np.zeros((3, 8, 8), bool)
    unknown[1] = True
    flow = uniform_flow(3, 8, 8, 0.0)
    for error in (flow.forward_error, flow.backward_error):
        error[:] = 1e9
    synthesise_remaining(pixels, unknown, flow, _no_inpaint, _no_remainder)
    assert np.allclose(pixels[1], 0.25)


def test_nothing_known_at_all_is_an_error() -> None:
    with pytest.raises(MaskCoverageError, match="one known pixel in each window"):
        synthesise_remaining(
            np.zeros((2, 4, 4, 3), np.float32),
            np.ones((2, 4, 4), bool),
            uniform_flow(2, 4, 4, 0),
            _no_inpaint,
            _no_remainder,
        )


def _no_inpaint(t: int, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    raise AssertionError("no key frame to inpaint")


def _no_remainder(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    raise AssertionError("no pixel should remain")


def test_same_input_same_result_for_any_number_of_threads() -> None:
    import numba

    truth = pan(8, 48, 96, 3.3)
    masks = box_masks(8, 48, 96, (40, 12, 16, 20))
    flow = first_flow(Dis(), truth, masks)
    results = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        pixels, unknown = truth.copy(), masks.copy()
        propagate(pixels, unknown, flow)
        results.append(pixels)
    assert np.array_equal(*results)


def test_parts_that_fit_into_memory_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    masks = box_masks(12, 48, 96, (40, 14, 22, 20))
    results = []
    for at_once in (1_000_000, 1500):
        monkeypatch.setattr("vidinpaint.propagation.propagate.CHUNK", at_once)
        pixels, unknown = pan(12, 48, 96, 4.0), masks.copy()
        pixels[masks] = 0
        propagate(pixels, unknown, uniform_flow(12, 48, 96, -4.0), slice(2, 11))
        assert unknown[:2].any()
        assert not unknown[2:11].any()
        results.append(pixels)
    assert np.array_equal(*results)


def test_pixels_with_chroma_bleed_keep_their_luma_and_get_the_chroma_of_other_frames() -> None:
    truth = pan(7, 32, 48, 3.0)
    unknown, bleed = box_masks(7, 32, 48, (20, 12, 8, 8)), box_masks(7, 32, 48, (18, 10, 12, 12))
    tint = np.array([0.1, 0, 0], np.float32) - LUMA[0] * np.float32(0.1)  # has no luma
    pixels = np.where(bleed[..., None], truth + tint, truth).astype(np.float32)
    pixels[unknown] = 0
    propagate_without_bleed(pixels, unknown.copy(), bleed, uniform_flow(7, 32, 48, -3.0), slice(None))
    assert np.abs(pixels - truth)[3][bleed[3]].max() < 0.03
