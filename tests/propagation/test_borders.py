"""Closing borders: seams go, known pixels and what is far from a border stay."""

import numpy as np
import pytest

from tests.scenes import box_masks, psnr, texture
from vidinpaint.checking.measures import measure
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.propagation.borders import close_borders


def canvas(pixels: np.ndarray, masks: np.ndarray) -> Canvas:
    return Canvas(pixels, np.where(masks, np.uint8(Source.PROPAGATED), np.uint8(0)))


def test_a_constant_step_is_taken_away_and_fades_inward() -> None:
    masks = box_masks(1, 60, 60, (15, 15, 30, 30))
    raised = np.repeat(np.where(masks[..., None], np.float32(0.6), np.float32(0.4)), 3, -1)
    wide, narrow = (close_borders(canvas(raised, masks), reach).pixels for reach in (1e6, 4.0))
    assert np.allclose(wide, 0.4, atol=2e-3)
    assert narrow[0, 15, 30, 0] == pytest.approx(0.4, abs=2e-3)
    assert narrow[0, 30, 30, 0] == pytest.approx(0.6 - 0.2 * np.exp(-14 / 4), abs=5e-3)


def test_a_seam_over_texture_goes_and_the_result_is_nearer_to_the_truth() -> None:
    truth, masks = texture(80, 90)[None], box_masks(1, 80, 90, (30, 25, 24, 28))
    wrong = np.clip(truth + 0.1 * masks[..., None], 0, 1).astype(np.float32)
    closed = close_borders(canvas(wrong, masks), 1e6)
    assert psnr(closed.pixels, truth, masks) > psnr(wrong, truth, masks) + 6
    assert np.array_equal(closed.pixels[~masks], truth[~masks])
    before, after = (measure(one, 0, lambda a, b: a)[0].seam for one in (canvas(wrong, masks), closed))
    assert before is not None
    assert after is not None
    assert after < 1.1 < before


def test_nothing_to_close_is_nothing_done() -> None:
    masks = box_masks(2, 40, 40, (10, 10, 12, 12))
    given = canvas(np.stack([texture(40, 40)] * 2), masks)
    assert close_borders(given, 0) is given
    empty = canvas(given.pixels, np.zeros_like(masks))
    assert close_borders(empty, 12) is empty
    whole = canvas(given.pixels, np.ones_like(masks))
    assert np.array_equal(close_borders(whole, 12).pixels, given.pixels)
