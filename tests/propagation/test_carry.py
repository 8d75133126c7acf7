"""Carrying, inventing and anchoring, on exact flow and on estimated flow."""

import numpy as np
import pytest

from tests.scenes import box_holes, pan, psnr, texture
from vidinpaint.errors import MaskCoverageError
from vidinpaint.flow.dis import Dis
from vidinpaint.flow.estimate import first_flow
from vidinpaint.flow_pair import FlowPair
from vidinpaint.hole_pixels import HolePixels
from vidinpaint.propagation.carry import carry
from vidinpaint.propagation.fuse import candidate_weights, fuse
from vidinpaint.propagation.invent import invent
from vidinpaint.propagation.trace import find_candidates


def uniform_flow(frames: int, height: int, width: int, dx: float, dy: float = 0.0) -> FlowPair:
    forward = np.empty((frames - 1, height, width, 2), np.float32)
    forward[:] = (dx, dy)
    error = np.zeros(forward.shape[:3], np.float32)
    return FlowPair(forward, -forward, error, error.copy(), np.zeros(frames - 1, bool))


def test_candidates_are_the_first_frames_that_show_the_pixel() -> None:
    """A row of 9 pixels, hole at columns 3..5, everything moves 2 to the right a frame."""
    truth = np.zeros((4, 3, 9, 3), np.float32)
    for t in range(4):
        truth[t] = ((np.arange(9) - 2 * t) * 0.01 + 0.2)[None, :, None]
    holes = np.zeros((4, 3, 9), bool)
    holes[:, 1, 3:6] = True
    wanted = HolePixels.of(holes)
    found = find_candidates(np.where(holes[..., None], 0, truth).astype(np.float32), holes, wanted,
                            uniform_flow(4, 3, 9, 2.0), 1.0)  # fmt: skip
    k = np.flatnonzero((wanted.t == 1) & (wanted.x == 4))[0]
    # forward it is at column 6 in frame 2, whose cell 6..7 is known; backward at column 2 in frame 0, but the cell
    # 2..3 touches the hole, and there is no frame before it
    assert found.frame[k].tolist() == [2, -1]
    assert found.hops[k, 0] == 1
    assert found.position[k, 0].tolist() == [6.0, 1.0]
    assert np.allclose(found.colour[k, 0], truth[1, 1, 4], atol=1e-6)


def test_weights_by_hand() -> None:
    holes = np.zeros((3, 2, 4), bool)
    holes[1, 0, 1] = True
    pixels = np.zeros((3, 2, 4, 3), np.float32)
    pixels[0], pixels[2] = 0.2, 0.8
    flow = uniform_flow(3, 2, 4, 0.0)
    flow.forward_error[1] = 0.5
    found = find_candidates(pixels, holes, HolePixels.of(holes), flow, 1.0)
    weights = candidate_weights(found)
    ahead, behind = 1 / (0.3 + 0.03 + 0.15) ** 2, 1 / (0.3 + 0.03) ** 2
    assert np.allclose(weights, [[ahead, behind]])
    assert np.allclose(fuse(found, weights), (0.8 * ahead + 0.2 * behind) / (ahead + behind))


def test_true_flow_gives_back_the_truth() -> None:
    truth = pan(12, 48, 96, 4.0)
    holes = box_holes(12, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(holes[..., None], 0, truth).astype(np.float32), holes.copy()
    carry(pixels, unknown, uniform_flow(12, 48, 96, -4.0))
    assert not unknown.any()
    assert np.array_equal(pixels[~holes], truth[~holes])
    assert np.abs(pixels - truth).max() < 0.02


def test_estimated_flow_is_good_to_the_eye() -> None:
    truth = pan(12, 96, 160, 3.3, 1.2)
    holes = box_holes(12, 96, 160, (60, 30, 24, 30))
    pixels, unknown = np.where(holes[..., None], 0, truth).astype(np.float32), holes.copy()
    carry(pixels, unknown, first_flow(Dis(), truth, holes))
    assert not unknown.any()
    assert psnr(pixels, truth, holes) > 32


def test_an_exposure_step_leaves_no_seam() -> None:
    """The second half is brighter; what is carried over is matched to where it is put."""
    truth = 0.4 + 0.3 * pan(10, 48, 96, 4.0)
    truth[5:] += 0.15
    holes = box_holes(10, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(holes[..., None], 0, truth).astype(np.float32), holes.copy()
    carry(pixels, unknown, uniform_flow(10, 48, 96, -4.0))
    assert np.abs(pixels - truth)[holes].mean() < 0.05


def test_what_no_frame_shows_is_invented_once() -> None:
    truth = np.repeat(texture(40, 60)[None], 5, 0)
    holes = box_holes(5, 40, 60, (20, 10, 12, 12))
    pixels, unknown = truth.copy(), holes.copy()
    flow = uniform_flow(5, 40, 60, 0.0)
    carry(pixels, unknown, flow)
    assert np.array_equal(unknown, holes)
    calls = []

    def paint(t: int, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        calls.append((t, int(hole.sum())))
        return np.where(hole[..., None], np.float32(0.5), image)

    origin = invent(pixels, unknown, flow, paint, _no_fill)
    assert calls == [(2, 144)]
    assert (origin[holes] == 2).all()
    assert (origin[~holes] == -1).all()
    assert np.allclose(pixels[holes], 0.5, atol=1e-6)
    assert not unknown.any()


def test_a_frame_that_is_all_hole_is_taken_from_the_nearest() -> None:
    pixels = np.zeros((3, 8, 8, 3), np.float32)
    pixels[0], pixels[2] = 0.25, 0.75
    unknown = np.zeros((3, 8, 8), bool)
    unknown[1] = True
    flow = uniform_flow(3, 8, 8, 0.0)
    for error in (flow.forward_error, flow.backward_error):
        error[:] = 1e9
    invent(pixels, unknown, flow, _no_paint, _no_fill)
    assert np.allclose(pixels[1], 0.25)


def test_nothing_known_at_all_is_an_error() -> None:
    with pytest.raises(MaskCoverageError, match="all hole"):
        invent(
            np.zeros((2, 4, 4, 3), np.float32), np.ones((2, 4, 4), bool), uniform_flow(2, 4, 4, 0), _no_paint, _no_fill
        )


def _no_paint(t: int, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    raise AssertionError("no key frame to paint")


def _no_fill(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    raise AssertionError("nothing to fill")


def test_same_input_same_result_for_any_number_of_threads() -> None:
    import numba

    truth = pan(8, 48, 96, 3.3)
    holes = box_holes(8, 48, 96, (40, 12, 16, 20))
    flow = first_flow(Dis(), truth, holes)
    results = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        pixels, unknown = truth.copy(), holes.copy()
        carry(pixels, unknown, flow)
        results.append(pixels)
    assert np.array_equal(*results)


def test_parts_that_fit_into_memory_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    holes = box_holes(12, 48, 96, (40, 14, 22, 20))
    results = []
    for at_once in (1_000_000, 1500):
        monkeypatch.setattr("vidinpaint.propagation.carry.AT_ONCE", at_once)
        pixels, unknown = pan(12, 48, 96, 4.0), holes.copy()
        pixels[holes] = 0
        carry(pixels, unknown, uniform_flow(12, 48, 96, -4.0), slice(2, 11))
        assert unknown[:2].any()
        assert not unknown[2:11].any()
        results.append(pixels)
    assert np.array_equal(*results)
