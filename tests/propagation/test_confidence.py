"""Confidence of propagated colours."""

import numpy as np

from tests.scenes import box_masks, pan, psnr, texture
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.propagation.confidence import LENIENT_REACH, LENIENT_SINGLE, confidence, local_difference
from vidinpaint.propagation.propagate import LENIENT, propagate, propagate_once
from vidinpaint.propagation.trace import Candidates


def _candidates(error: list[float], hops: list[int], colours: np.ndarray) -> Candidates:
    count = len(error)
    frame, position = np.zeros((count, 2), np.int32), np.zeros((count, 2, 2), np.float32)
    twice = np.repeat(np.array(error, np.float32)[:, None], 2, 1)
    return Candidates(frame, position, twice, np.repeat(np.array(hops, np.int32)[:, None], 2, 1), colours)


def test_confidence_by_hand() -> None:
    found = _candidates([0, 1, 0], [3, 3, 10], np.zeros((3, 2, 3), np.float32))
    alone = np.array([[1, 0]] * 3, np.float32)
    difference = np.zeros(3, np.float32)
    assert np.allclose(confidence(found, alone, difference, consistent=True), [1, 1 / 1.9, 1])
    doubtful = LENIENT_SINGLE * np.exp(-np.array([3, 3, 10]) / LENIENT_REACH)
    assert np.allclose(confidence(found, alone, difference, consistent=False), doubtful)
    both = np.ones((3, 2), np.float32)
    assert np.allclose(confidence(found, both, np.array([0, 60, 120], np.float32) / 255, True), [1, 0.5, 0.2])


def test_the_difference_is_a_local_mean_over_what_both_sides_show() -> None:
    masks = np.zeros((1, 3, 12), bool)
    masks[0, 1, [1, 2, 9]] = True
    mask_pixels = MaskPixels.of(masks)
    colours = np.zeros((3, 2, 3), np.float32)
    colours[0, 1], colours[1, 1], colours[2, 1] = 0.4, 0.2, 0.6
    weights = np.array([[1, 1], [1, 1], [1, 0]], np.float32)
    difference = local_difference(
        mask_pixels.index_map(masks.shape), mask_pixels, _candidates([0] * 3, [1] * 3, colours), weights
    )
    assert np.allclose(difference, [0.3, 0.3, 0])


def _flow(frames: int, height: int, width: int, dx: float, error: float) -> FlowPair:
    forward = np.zeros((frames - 1, height, width, 2), np.float32)
    forward[..., 0] = dx
    disagreement = np.full(forward.shape[:3], error, np.float32)
    return FlowPair(forward, -forward, disagreement, disagreement.copy(), np.zeros(frames - 1, bool))


def test_texture_from_a_wrong_place_is_softened() -> None:
    """The scene moves, but flow is zero and inconsistent: a smooth result has less error than the texture."""
    truth = np.stack([texture(40, 60, seed=t) for t in range(5)]).astype(np.float32)
    masks = box_masks(5, 40, 60, (20, 10, 16, 16))
    masks[[0, 1, 4]] = False
    flow = _flow(5, 40, 60, 0.0, 5.0)
    results = []
    for trusted in (False, True):
        pixels, unknown = np.where(masks[..., None], 0, truth).astype(np.float32), masks.copy()
        propagate_once(pixels, unknown, flow, LENIENT, trusted)
        assert not unknown.any()
        results.append(psnr(pixels, truth, masks))
    assert results[0] > results[1] + 0.5


def test_consistent_motion_is_not_softened() -> None:
    truth = pan(12, 48, 96, 4.0)
    masks = box_masks(12, 48, 96, (40, 12, 16, 20))
    pixels, unknown = np.where(masks[..., None], 0, truth).astype(np.float32), masks.copy()
    propagate(pixels, unknown, _flow(12, 48, 96, -4.0, 0.0))
    assert psnr(pixels, truth, masks) > 40
