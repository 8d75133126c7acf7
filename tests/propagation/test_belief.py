"""How far carried colours are believed."""

import numpy as np

from tests.scenes import box_holes, pan, psnr, texture
from vidinpaint.flow_pair import FlowPair
from vidinpaint.hole_pixels import HolePixels
from vidinpaint.propagation.belief import DOUBTFUL_ALONE, DOUBTFUL_REACH, belief, local_difference
from vidinpaint.propagation.carry import LENIENT, carry, carry_once
from vidinpaint.propagation.trace import Candidates


def _candidates(error: list[float], hops: list[int], colours: np.ndarray) -> Candidates:
    count = len(error)
    frame, position = np.zeros((count, 2), np.int32), np.zeros((count, 2, 2), np.float32)
    twice = np.repeat(np.array(error, np.float32)[:, None], 2, 1)
    return Candidates(frame, position, twice, np.repeat(np.array(hops, np.int32)[:, None], 2, 1), colours)


def test_shares_by_hand() -> None:
    found = _candidates([0, 1, 0], [3, 3, 10], np.zeros((3, 2, 3), np.float32))
    alone = np.array([[1, 0]] * 3, np.float32)
    apart = np.zeros(3, np.float32)
    assert np.allclose(belief(found, alone, apart, consistent=True), [1, 1 / 1.9, 1])
    doubtful = DOUBTFUL_ALONE * np.exp(-np.array([3, 3, 10]) / DOUBTFUL_REACH)
    assert np.allclose(belief(found, alone, apart, consistent=False), doubtful)
    both = np.ones((3, 2), np.float32)
    assert np.allclose(belief(found, both, np.array([0, 60, 120], np.float32) / 255, True), [1, 0.5, 0.2])


def test_the_difference_is_a_local_mean_over_what_both_sides_show() -> None:
    holes = np.zeros((1, 3, 12), bool)
    holes[0, 1, [1, 2, 9]] = True
    wanted = HolePixels.of(holes)
    colours = np.zeros((3, 2, 3), np.float32)
    colours[0, 1], colours[1, 1], colours[2, 1] = 0.4, 0.2, 0.6
    weights = np.array([[1, 1], [1, 1], [1, 0]], np.float32)
    apart = local_difference(wanted.index_map(holes.shape), wanted, _candidates([0] * 3, [1] * 3, colours), weights)
    assert np.allclose(apart, [0.3, 0.3, 0])


def _flow(frames: int, height: int, width: int, dx: float, error: float) -> FlowPair:
    forward = np.zeros((frames - 1, height, width, 2), np.float32)
    forward[..., 0] = dx
    disagreement = np.full(forward.shape[:3], error, np.float32)
    return FlowPair(forward, -forward, disagreement, disagreement.copy(), np.zeros(frames - 1, bool))


def test_texture_from_a_wrong_place_is_softened() -> None:
    """The scene moves, the flow says it does not, and doubts itself: the smooth part errs less than the texture."""
    truth = np.stack([texture(40, 60, seed=t) for t in range(5)]).astype(np.float32)
    holes = box_holes(5, 40, 60, (20, 10, 16, 16))
    holes[[0, 1, 4]] = False
    flow = _flow(5, 40, 60, 0.0, 5.0)
    results = []
    for believed in (False, True):
        pixels, unknown = np.where(holes[..., None], 0, truth).astype(np.float32), holes.copy()
        carry_once(pixels, unknown, flow, LENIENT, believed)
        assert not unknown.any()
        results.append(psnr(pixels, truth, holes))
    assert results[0] > results[1] + 0.5


def test_consistent_motion_is_not_softened() -> None:
    truth = pan(12, 48, 96, 4.0)
    holes = box_holes(12, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(holes[..., None], 0, truth).astype(np.float32), holes.copy()
    carry(pixels, unknown, _flow(12, 48, 96, -4.0, 0.0))
    assert psnr(pixels, truth, holes) > 40
