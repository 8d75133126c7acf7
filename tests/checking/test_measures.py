"""The measures, against values worked out by hand on tiny frames, and for known motion of textured frames."""

import numpy as np
import pytest

from tests.scenes import box_masks, pan, texture
from vidinpaint.checking.measures import DETAIL_FLOOR, STEP_FLOOR, measure
from vidinpaint.checking.record import FrameCheck
from vidinpaint.checking.verdict import average
from vidinpaint.core.canvas import Canvas, Source

HEIGHT, WIDTH, BOX = 40, 50, (18, 14, 12, 12)


def still(now: np.ndarray, following: np.ndarray) -> np.ndarray:
    return np.zeros((*now.shape, 2), np.float32)


def canvas(levels: np.ndarray, source: int = Source.PROPAGATED) -> Canvas:
    """A canvas of grey levels (T, H, W), inpainted in BOX."""
    pixels = np.repeat(levels[..., None] / 255, 3, -1).astype(np.float32)
    masks = box_masks(*levels.shape, BOX)
    return Canvas(pixels, np.where(masks, np.uint8(source), np.uint8(0)))


def measured(levels: np.ndarray) -> tuple[FrameCheck, ...]:
    return measure(canvas(levels), 100, still)


def inside(frames: int = 1) -> np.ndarray:
    return box_masks(frames, HEIGHT, WIDTH, BOX)


def test_seam_is_the_steps_across_the_border_divided_by_those_beside_it() -> None:
    ramp = np.tile(np.arange(WIDTH, dtype=np.float64) + 50, (1, HEIGHT, 1))
    plain, raised = measured(ramp), measured(ramp + 10 * inside())
    assert plain[0].seam == pytest.approx(1, abs=1e-3)
    # across: 11 on the left, 9 on the right, 10 above and below; beside: 1 across columns, 0 across rows
    assert raised[0].seam == pytest.approx((10 + STEP_FLOOR) / (0.5 + STEP_FLOOR), rel=1e-3)


def test_sharpness_is_the_detail_inside_divided_by_that_of_the_ring() -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    checkered = 100.0 + 5 * ((x + y) % 2)[None]
    flat = np.where(inside(), 102.5, checkered)
    assert measured(checkered)[0].sharpness == pytest.approx(1, rel=1e-3)
    assert measured(flat)[0].sharpness == pytest.approx(DETAIL_FLOOR / (4 * 5 + DETAIL_FLOOR), rel=1e-3)


def test_frozen_pixels_have_no_flicker() -> None:
    levels = np.stack([np.full((HEIGHT, WIDTH), 100.0), np.full((HEIGHT, WIDTH), 108.0)])
    frozen = np.where(inside(2), 100.0, levels)
    first, last = measured(frozen)
    assert (first.flicker_inside, first.warp_error_inside) == (0, 0)
    assert first.flicker_ring == pytest.approx(8, rel=1e-4)
    assert first.warp_error_ring == pytest.approx(8, rel=1e-4)
    assert last.flicker_inside is last.flicker_ring is last.warp_error_inside is last.warp_error_ring is None
    assert (first.index, last.index, first.inpainted) == (100, 101, BOX[2] * BOX[3])


def test_pixels_that_follow_the_motion_have_no_warp_error() -> None:
    frames = pan(2, HEIGHT, WIDTH, 2.0)
    inpainted = np.where(box_masks(2, HEIGHT, WIDTH, BOX), np.uint8(Source.PROPAGATED), np.uint8(0))

    def motion(now: np.ndarray, following: np.ndarray) -> np.ndarray:
        return still(now, following) - np.float32([2, 0])

    first = measure(Canvas(frames, inpainted), 0, motion)[0]
    assert first.warp_error_inside is not None
    assert first.flicker_inside is not None
    assert first.warp_error_inside < 0.1 < 1 < first.flicker_inside


def test_only_frames_with_inpainted_pixels_are_measured() -> None:
    levels = np.full((6, HEIGHT, WIDTH), 90.0)
    whole = canvas(levels)
    source = whole.source.copy()
    source[2] = 0
    source[3, 14:20] = np.where(source[3, 14:20], np.uint8(Source.SYNTHESISED), np.uint8(0))
    checks = measure(Canvas(whole.pixels, source), 10, still)
    assert [check.index for check in checks] == [10, 11, 13, 14, 15]
    assert checks[2].shares == {"propagated": 0.5, "synthesised": 0.5}
    assert [check.flicker_inside for check in checks] == [0, None, 0, 0, None]
    source[:] = 0
    assert measure(Canvas(whole.pixels, source), 10, still) == ()


def test_too_few_pixels_are_not_measured() -> None:
    source = np.zeros((2, HEIGHT, WIDTH), np.uint8)
    source[:, 20, 10:15] = Source.PROPAGATED
    check = measure(Canvas(np.zeros((2, HEIGHT, WIDTH, 3), np.float32), source), 0, still)[0]
    assert check.inpainted == 5
    assert check.warp_error_inside is check.seam is check.sharpness is None


def test_a_mask_that_fills_the_crop_has_no_ring() -> None:
    source = np.full((2, HEIGHT, WIDTH), Source.SYNTHESISED, np.uint8)
    check = measure(Canvas(np.stack([texture(HEIGHT, WIDTH)] * 2), source), 0, still)[0]
    assert check.flicker_inside == 0
    assert check.flicker_ring is check.seam is check.sharpness is None


def test_measuring_leaves_its_input_unchanged_and_repeats() -> None:
    frames, masks = pan(4, HEIGHT, WIDTH, 1.0), box_masks(4, HEIGHT, WIDTH, BOX)
    result = Canvas(frames, np.where(masks, np.uint8(1), np.uint8(0)))
    before = frames.copy()
    once, again = (measure(result, 0, still) for _ in range(2))
    assert once == again
    assert np.array_equal(frames, before)
    assert average(once).seam == pytest.approx(1, abs=0.2)
