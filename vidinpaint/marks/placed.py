"""`PlacedMark`: a mark at its place in the clip, and its opacity over time; `Marks`: all of a clip."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.marks.template import Template


@dataclass(frozen=True, eq=False)
class PlacedMark:
    """A mark in the frames start:stop, counted from the first one that is processed.

    template   its opacity and colour; opacity 0 outside the support
    support    bool (h, w): the pixels that the mark changes
    given      bool (h, w): the pixels that the user, or the search for marks, has masked
    x, y       upper left corner of the template in a frame as it is stored, in pixels
    confidence  0 to 1: how much un-blending tells beside an interpolation, see `estimation.Estimate`
    known      whether the template was given, and not estimated from these frames. Default: False
    strength   float32 (stop - start,): factor by which the template's opacity is multiplied in each frame, 0 or more
    """

    template: Template
    support: np.ndarray
    given: np.ndarray
    x: int
    y: int
    start: int
    stop: int
    strength: np.ndarray
    confidence: float
    known: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop or self.strength.shape != (self.stop - self.start,):
            raise ValueError(f"expected a strength for each of the frames {self.start}:{self.stop}")

    @property
    def box(self) -> Box:
        """The rectangle that the template covers."""
        height, width = self.template.alpha.shape
        return Box(self.x, self.y, width, height)


@dataclass(frozen=True, eq=False)
class Marks:
    """The half-transparent marks of a clip, in the order in which they appear; they do not overlap."""

    placed: tuple[PlacedMark, ...] = ()

    def in_frames(self, start: int, stop: int) -> list[PlacedMark]:
        """Those that some of the frames start:stop show."""
        return [mark for mark in self.placed if mark.start < stop and start < mark.stop]
