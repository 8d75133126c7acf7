"""`find_crops`: the rectangles of a frame that are worked on to inpaint the masks in it.

A small mask in a large frame should cost little, but the background behind it must come into view inside the crop.
Therefore each box of a mask is expanded on each side by half its own width and height, and by at least `margin`: a
moving camera reveals the background beside the mask, motion is followed up to one step past the mask's edge, and a
motion model needs about as many known pixels as the mask hides. Where the frame allows it, a crop has sides of at least
128 pixels, because optical flow uses a pyramid and fails on smaller pictures.
"""

import math
from collections.abc import Iterable

from vidinpaint.core.window import Box

MIN_SIDE = 128  # pixels
EXPANSION = 0.5  # on each side, relative to the box of the mask
MAX_FAST_AREA = 110_000  # pixels of a crop up to which a fast camera may enlarge it


def find_crops(
    masks: Iterable[tuple[Box, ...]], width: int, height: int, margin: int, reach: int = 0
) -> tuple[Box, ...]:
    """Boxes, sorted and without overlap, that hold all masks of all frames with their margins.

    masks    for each frame the boxes of its masks, inside a frame of width x height pixels
    margin   smallest distance in pixels from a mask to the edge of its crop
    reach    larger distance in pixels that a fast camera needs, used up to crops of MAX_FAST_AREA. Default: 0

    Edges lie on even pixels or on the edge of the frame, so that they coincide with chroma samples.
    """
    crops: list[Box] = []
    done: set[Box] = set()
    previous: tuple[Box, ...] | None = None
    for boxes in masks:
        if boxes is previous:  # a mask that does not change has the same tuple in all frames
            continue
        previous = boxes
        for box in boxes:
            if box not in done:
                done.add(box)
                crops = _with(crops, _crop_of(box, width, height, max(margin, min(reach, _max_reach(box)))))
    return tuple(sorted(_joined_where_cheap(crops)))


def _max_reach(box: Box) -> int:
    """The margin m with which a box has MAX_FAST_AREA pixels, or six times its own: (w + 2 m) (h + 2 m) = area."""
    area = max(MAX_FAST_AREA, 6 * box.area)
    sides = box.width + box.height
    return int((math.sqrt(sides**2 - 4 * (box.area - area)) - sides) / 4)


def _crop_of(box: Box, width: int, height: int, margin: int) -> Box:
    """The crop for the box of one mask."""
    by_x = max(margin, round(box.width * EXPANSION))
    by_y = max(margin, round(box.height * EXPANSION))
    crop = box.expanded(by_x, by_y, width, height)
    left, right = _even_side(crop.x, crop.x + crop.width, width)
    top, bottom = _even_side(crop.y, crop.y + crop.height, height)
    return Box(left, top, right - left, bottom - top)


def _even_side(start: int, stop: int, length: int) -> tuple[int, int]:
    """start:stop with even ends and at least MIN_SIDE long, moved inwards at the edge of the frame where necessary."""
    missing = max(0, min(MIN_SIDE, length) - (stop - start))
    start = min(max(0, start - missing // 2), max(0, length - max(MIN_SIDE, stop - start)))
    stop = max(stop, min(length, start + MIN_SIDE))
    return start - start % 2, min(length, stop + stop % 2)


def _with(crops: list[Box], box: Box) -> list[Box]:
    """Crops without overlap, and one more box; boxes that overlap are joined until none do."""
    while overlapping := [crop for crop in crops if crop.overlaps(box)]:
        crops = [crop for crop in crops if crop not in overlapping]
        for crop in overlapping:
            box = box.union(crop)
    return [*crops, box]


def _joined_where_cheap(crops: list[Box]) -> list[Box]:
    """Crops joined where their common box is not larger than both together: one crop costs less than two."""
    while pair := _cheap_pair(crops):
        crops = _with([crop for crop in crops if crop not in pair], pair[0].union(pair[1]))
    return crops


def _cheap_pair(crops: list[Box]) -> tuple[Box, Box] | None:
    for index, one in enumerate(crops):
        for other in crops[:index]:
            if one.union(other).area <= one.area + other.area:
                return one, other
    return None
