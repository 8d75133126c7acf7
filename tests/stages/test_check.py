"""The check looks at what is going to be seen: the painted pixels under the mask, the frame's own around them."""

import numpy as np

from tests.scenes import box_holes, pan
from vidinpaint.canvas import Canvas, Source
from vidinpaint.stages.check import Check
from vidinpaint.window import Box, Window

FRAMES = pan(8, 60, 70, 1.0)
MASK = box_holes(8, 80, 90, (30, 25, 24, 20))
BOX = Box(10, 12, 70, 60)
HOLES = MASK[:, *BOX.slices]
WINDOW = Window(0, 0, 22, 26, 20, 28, (BOX,))


def finished(painted: np.ndarray, pixels: np.ndarray) -> Canvas:
    owned = WINDOW.owned
    return Canvas(pixels[owned], np.where(painted[owned], np.uint8(Source.PROPAGATED), np.uint8(0)))


def test_the_truth_is_good_and_owned_frames_are_numbered() -> None:
    checked = Check()(FRAMES, MASK, BOX, finished(HOLES, FRAMES), WINDOW)
    assert checked.verdict == "good"
    assert [frame.index for frame in checked.frames] == [22, 23, 24, 25]
    assert all(frame.warp_inside is not None for frame in checked.frames[:-1])
    assert checked.frames[-1].warp_inside is None  # no frame after it is painted
    assert {frame.painted for frame in checked.frames} == {24 * 20}


def test_what_is_painted_beside_the_mask_is_not_seen() -> None:
    wider = box_holes(8, 60, 70, (16, 9, 32, 28))
    beside = np.where((wider & ~HOLES)[..., None], np.float32(0), FRAMES)
    assert Check()(FRAMES, MASK, BOX, finished(wider, beside), WINDOW).verdict == "good"
    under = np.where(HOLES[..., None], np.float32(0), FRAMES)
    checked = Check()(FRAMES, MASK, BOX, finished(wider, under), WINDOW)
    assert checked.verdict == "bad"
    assert checked.reasons[0].startswith("a seam shows")
