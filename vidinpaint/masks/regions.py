"""`still_regions`: parts of the masks that stay the same for a while; `replaced`: masks with other parts instead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.masks.masks import Masks


@dataclass(frozen=True, eq=False)
class Region:
    """A part of the masks that is the same in all of the frames start:stop.

    box    where it is, in stored frames
    mask   bool (box.height, box.width), True = inpaint
    """

    box: Box
    start: int
    stop: int
    mask: np.ndarray

    def __len__(self) -> int:
        """Number of its frames."""
        return self.stop - self.start


def still_regions(masks: Masks, shortest: int) -> list[Region]:
    """Parts that stay the same for at least `shortest` frames, in the order in which they end.

    Parts with the same box in consecutive frames count as the same if their masks in the first, the middle and the
    last of them are equal.
    """
    since: dict[Box, int] = {}
    regions = []
    for frame in range(len(masks) + 1):
        boxes = set(masks.boxes(frame)) if frame < len(masks) else set()
        for box in sorted(since.keys() - boxes):
            start = since.pop(box)
            if frame - start >= shortest and (region := _region(masks, box, start, frame)):
                regions.append(region)
        for box in boxes - since.keys():
            since[box] = frame
    return regions


def _region(masks: Masks, box: Box, start: int, stop: int) -> Region | None:
    frames = {start, (start + stop) // 2, stop - 1}
    first, *others = (masks.read(frame, frame + 1)[0][box.slices] for frame in sorted(frames))
    return Region(box, start, stop, first.copy()) if all((first == other).all() for other in others) else None


def replaced(masks: Masks, pairs: Sequence[tuple[Region, Region]]) -> Masks:
    """The masks with the second region of each pair in place of the first; both have the same frames."""
    edges = [edge for old, _ in pairs for edge in (old.start, old.stop)]

    def edit(start: int, stop: int, values: np.ndarray) -> np.ndarray:
        result = values.copy()
        shown = [pair for pair in pairs if pair[0].start < stop and start < pair[0].stop]
        for old, _ in shown:
            result[..., *old.box.slices] &= ~old.mask
        for _, new in shown:
            result[..., *new.box.slices] |= new.mask
        return result

    return masks.edited(edges, edit)
