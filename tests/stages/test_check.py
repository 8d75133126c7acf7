"""The check looks at what is going to be seen: the inpainted pixels under the mask, the frame's own around them."""

import numpy as np

from tests.scenes import box_masks, pan
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.window import Box, Window
from vidinpaint.stages.check import Check

FRAMES = pan(8, 60, 70, 1.0)
MASK = box_masks(8, 80, 90, (30, 25, 24, 20))
BOX = Box(10, 12, 70, 60)
MASKS = MASK[:, *BOX.slices]
WINDOW = Window(0, 0, 22, 26, 20, 28, (BOX,))


def finished(inpainted: np.ndarray, pixels: np.ndarray) -> Canvas:
    owned = WINDOW.owned
    return Canvas(pixels[owned], np.where(inpainted[owned], np.uint8(Source.PROPAGATED), np.uint8(0)))


def test_the_truth_is_good_and_owned_frames_are_numbered() -> None:
    checked = Check()(FRAMES, MASK, BOX, finished(MASKS, FRAMES), WINDOW)
    assert checked.verdict == "good"
    assert [frame.index for frame in checked.frames] == [22, 23, 24, 25]
    assert all(frame.warp_error_inside is not None for frame in checked.frames[:-1])
    assert checked.frames[-1].warp_error_inside is None  # no frame after it is inpainted
    assert {frame.inpainted for frame in checked.frames} == {24 * 20}


def test_what_is_inpainted_beside_the_mask_is_not_seen() -> None:
    wider = box_masks(8, 60, 70, (16, 9, 32, 28))
    beside = np.where((wider & ~MASKS)[..., None], np.float32(0), FRAMES)
    assert Check()(FRAMES, MASK, BOX, finished(wider, beside), WINDOW).verdict == "good"
    under = np.where(MASKS[..., None], np.float32(0), FRAMES)
    checked = Check()(FRAMES, MASK, BOX, finished(wider, under), WINDOW)
    assert checked.verdict == "bad"
    assert checked.reasons[0].startswith("a seam shows")
