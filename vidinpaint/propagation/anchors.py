"""Finished frames that a window may read: what was painted there counts as known.

Now they are the last frames of the window before, so that what was invented once goes on; frames spread over a whole
shot and completed first would enter the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.window import Box, Window

Slices = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Patch:
    """Part of some finished frames: pixels float32 (T, h, w, 3), painted bool (T, h, w), at `box`."""

    box: Box
    pixels: np.ndarray
    painted: np.ndarray


@dataclass(frozen=True)
class Anchors:
    """Finished frames start ... of a shot; patches hold what was painted in them."""

    start: int = 0
    patches: tuple[Patch, ...] = ()

    @classmethod
    def between(cls, done: Window, canvases: Sequence[Canvas], following: Window) -> "Anchors":
        """The frames that `done` has finished and `following` reads; none across a cut."""
        start = max(done.start, following.read_start)
        if done.shot != following.shot or start >= done.stop or not following.boxes:
            return cls()
        here = slice(start - done.read_start, done.stop - done.read_start)
        return cls(
            start,
            tuple(
                # copies: a view would keep the whole window alive
                Patch(box, canvas.pixels[here].copy(), canvas.source[here] != Source.ORIGINAL)
                for box, canvas in zip(done.boxes, canvases)
            ),
        )

    def paste(self, frames: np.ndarray, box: Box, first: int) -> None:
        """Put the finished pixels into a crop: frames float32 (T, h, w, 3) at `box`, from absolute frame `first`."""
        for patch, theirs, ours in self._shared(box, first):
            painted = patch.painted[theirs]
            frames[ours][painted] = patch.pixels[theirs][painted]

    def clear(self, holes: np.ndarray, box: Box, first: int) -> None:
        """Take what is finished out of the holes of a crop: bool (T, h, w) at `box`, from absolute frame `first`."""
        for patch, theirs, ours in self._shared(box, first):
            holes[ours] &= ~patch.painted[theirs]

    def _shared(self, box: Box, first: int) -> Iterator[tuple[Patch, Slices, Slices]]:
        """Each patch that overlaps the crop, with the overlap in the patch and in the crop."""
        for patch in self.patches:
            if not patch.box.overlaps(box):
                continue
            top, left = max(patch.box.y, box.y), max(patch.box.x, box.x)
            bottom = min(patch.box.y + patch.box.height, box.y + box.height)
            right = min(patch.box.x + patch.box.width, box.x + box.width)
            begin = self.start - first
            time = slice(begin, begin + len(patch.painted))
            theirs = (slice(None), *_from(patch.box, top, bottom, left, right))
            yield patch, theirs, (time, *_from(box, top, bottom, left, right))


def _from(box: Box, top: int, bottom: int, left: int, right: int) -> tuple[slice, slice]:
    return slice(top - box.y, bottom - box.y), slice(left - box.x, right - box.x)
