"""The check measures what viewers will see: inpainted pixels under the mask, the frame's own around it."""

import numpy as np

from tests.scenes import box_masks, pan
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.window import Box, Window
from vidinpaint.stages.check import Check

FRAMES = pan(8, 60, 70, 1.0)
MASK = box_masks(8, 80, 90, (30, 25, 24, 20))
BOX = Box(10, 12, 70, 60)
CROP_MASK = MASK[:, *BOX.slices]
WINDOW = Window(0, 0, 22, 26, 20, 28, (BOX,))


def finished(inpainted: np.ndarray, pixels: np.ndarray) -> Canvas:
    owned = WINDOW.owned
    return Canvas(pixels[owned], np.where(inpainted[owned], np.uint8(Source.PROPAGATED), np.uint8(0)))


def test_the_truth_is_good_and_frames_have_their_index() -> None:
    checked = Check()(FRAMES, MASK, BOX, finished(CROP_MASK, FRAMES), WINDOW)
    assert checked.verdict == "good"
    assert [frame.index for frame in checked.frames] == [22, 23, 24, 25]
    assert all(frame.warp_error_inside is not None for frame in checked.frames[:-1])
    assert checked.frames[-1].warp_error_inside is None  # the window has no frame after it
    assert {frame.inpainted for frame in checked.frames} == {24 * 20}


def test_pixels_inpainted_outside_the_mask_are_not_measured() -> None:
    wider = box_masks(8, 60, 70, (16, 9, 32, 28))
    outside = np.where((wider & ~CROP_MASK)[..., None], np.float32(0), FRAMES)
    assert Check()(FRAMES, MASK, BOX, finished(wider, outside), WINDOW).verdict == "good"
    inside = np.where(CROP_MASK[..., None], np.float32(0), FRAMES)
    checked = Check()(FRAMES, MASK, BOX, finished(wider, inside), WINDOW)
    assert checked.verdict == "bad"
    assert checked.reasons[0].startswith("a seam is visible")
