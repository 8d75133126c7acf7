"""Crop boxes: which parts of a picture have to be looked at to inpaint the masks in it.

A small mark on a large frame must cost little, and yet what is behind a mask must come into view inside the crop.
So every box of a mask is grown on each side by half its own width and height, and by `margin` at the least: a moving
camera brings the background out beside the mask, motion is followed up to one step past the mask's edge, and a motion
model needs about as much known surface as the mask hides. Boxes are never smaller than 128 pixels a side where the
frame allows it: optical flow works on a pyramid and finds nothing on less.
"""

import math
from collections.abc import Iterable

from vidinpaint.core.window import Box

SMALLEST = 128
GROWTH = 0.5
AFFORDABLE = 110_000  # pixels of a crop up to which a small mask may cost more for the sake of a fast camera


def crop_boxes(
    masks: Iterable[tuple[Box, ...]], width: int, height: int, margin: int, reach: int = 0
) -> tuple[Box, ...]:
    """Boxes, sorted, apart from each other, that hold all boxes of all frames with their margins.

    masks    for every frame the boxes of its masks, inside a picture of width x height pixels
    margin   pixels
    reach    pixels that a fast camera asks for instead, as far as the crop stays AFFORDABLE

    Edges lie on even pixels (or on the frame's edge), so that they fall on chroma samples.
    """
    found: list[Box] = []
    seen: set[Box] = set()
    previous: tuple[Box, ...] | None = None
    for boxes in masks:
        if boxes is previous:  # a still mask hands out the same tuple for every frame
            continue
        previous = boxes
        for box in boxes:
            if box not in seen:
                seen.add(box)
                found = _with(found, _view(box, width, height, max(margin, min(reach, _affordable(box)))))
    return tuple(sorted(_joined_where_cheap(found)))


def _affordable(box: Box) -> int:
    """The margin with which a box has AFFORDABLE pixels, or six times its own: (w + 2 m) (h + 2 m) = area."""
    area = max(AFFORDABLE, 6 * box.area)
    sides = box.width + box.height
    return int((math.sqrt(sides**2 - 4 * (box.area - area)) - sides) / 4)


def _view(box: Box, width: int, height: int, margin: int) -> Box:
    """The part of the picture to look at for one mask."""
    by_x = max(margin, round(box.width * GROWTH))
    by_y = max(margin, round(box.height * GROWTH))
    view = box.expanded(by_x, by_y, width, height)
    left, right = _even_side(view.x, view.x + view.width, width)
    top, bottom = _even_side(view.y, view.y + view.height, height)
    return Box(left, top, right - left, bottom - top)


def _even_side(start: int, stop: int, length: int) -> tuple[int, int]:
    """start:stop made at least 128 long, moved inwards at the picture's edge if need be, with even ends."""
    unavailable_reason = max(0, min(SMALLEST, length) - (stop - start))
    start = min(max(0, start - unavailable_reason // 2), max(0, length - max(SMALLEST, stop - start)))
    stop = max(stop, min(length, start + SMALLEST))
    return start - start % 2, min(length, stop + stop % 2)


def _with(apart: list[Box], box: Box) -> list[Box]:
    """`apart` and one more box; all that touch the same pixel become one, until none do."""
    while True:
        met = [other for other in apart if other.overlaps(box)]
        if not met:
            return [*apart, box]
        apart = [other for other in apart if not other.overlaps(box)]
        for other in met:
            box = box.union(other)


def _joined_where_cheap(apart: list[Box]) -> list[Box]:
    """Joins boxes whose common box is no larger than they are together: one crop costs less than two."""
    while True:
        pair = _cheap_pair(apart)
        if pair is None:
            return apart
        one, other = pair
        apart = _with([box for box in apart if box not in pair], one.union(other))


def _cheap_pair(apart: list[Box]) -> tuple[Box, Box] | None:
    for index, one in enumerate(apart):
        for other in apart[:index]:
            if one.union(other).area <= one.area + other.area:
                return one, other
    return None
