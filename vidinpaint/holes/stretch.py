"""`Stretch`: consecutive frames over which the same masks hold."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.holes.grow import grow_hole
from vidinpaint.holes.parts import part_boxes
from vidinpaint.holes.sources import CHUNK, Source
from vidinpaint.window import Box

Found = tuple[tuple[Box, ...], float]
"""Boxes of the connected parts of one frame, and the share of the frame that is hole (0 to 1)."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """Frames start:stop, over which the same masks hold.

    still    bool (H, W), what is the same in all of them, grown
    moving   sources of what changes from frame to frame, not grown yet
    grow     pixels
    """

    start: int
    stop: int
    still: np.ndarray
    moving: tuple[Source, ...]
    grow: int

    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W); where nothing moves a view that takes no memory."""
        if not self.moving:
            return np.broadcast_to(self.still, (stop - start, *self.still.shape))
        holes = self.moving[0].read(start, stop)
        for source in self.moving[1:]:
            holes |= source.read(start, stop)
        for index, hole in enumerate(holes):
            holes[index] = grow_hole(hole, self.grow)
        holes |= self.still
        return holes

    def scan(self) -> list[Found]:
        """What every frame holds; one entry stands for all where nothing moves."""
        if not self.moving:
            return [_look(self.still)] * (self.stop - self.start)
        chunks = range(self.start, self.stop, CHUNK)
        return [_look(hole) for at in chunks for hole in self.read(at, min(at + CHUNK, self.stop))]


def _look(hole: np.ndarray) -> Found:
    return part_boxes(hole), np.count_nonzero(hole) / hole.size
