"""`Box`, `Window` and `Plan`: which frames and which parts of them belong together."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle of pixels: columns x to x + width, rows y to y + height, half-open."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"expected a box of at least 1 x 1 pixel, found {self.width} x {self.height}")

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array (..., H, W) with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def area(self) -> int:
        return self.width * self.height

    def expanded(self, by_x: int, by_y: int, width: int, height: int) -> "Box":
        """The box with margins of by_x and by_y pixels, clipped to a frame of width x height pixels."""
        left, top = max(0, self.x - by_x), max(0, self.y - by_y)
        right = min(width, self.x + self.width + by_x)
        bottom = min(height, self.y + self.height + by_y)
        return Box(left, top, right - left, bottom - top)

    def union(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Box(left, top, right - left, bottom - top)

    def intersection(self, other: "Box") -> "Box | None":
        """The pixels that both have in common; None if there are none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None

    def within(self, outer: "Box") -> "Box":
        """The same rectangle, counted from the upper left corner of another one, which it must not leave there."""
        return Box(self.x - outer.x, self.y - outer.y, self.width, self.height)

    def overlaps(self, other: "Box") -> bool:
        """Whether the boxes have a pixel in common."""
        common_x = self.x < other.x + other.width and other.x < self.x + self.width
        common_y = self.y < other.y + other.height and other.y < self.y + self.height
        return common_x and common_y


@dataclass(frozen=True)
class Window:
    """Frames start:stop that are inpainted together, and read_start:read_stop that are read for it.

    index  number of the window in the plan
    shot   number of the shot that it lies in
    crops  rectangles that are worked on: they do not overlap, and hold all masks of the frames start:stop; none where
           nothing is to be inpainted

    Frames are counted from the first one that is processed, and ranges are half-open. A window never crosses a cut.
    """

    index: int
    shot: int
    start: int
    stop: int
    read_start: int
    read_stop: int
    crops: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.read_start <= self.start < self.stop <= self.read_stop:
            raise ValueError(f"expected read_start <= start < stop <= read_stop, found {self}")

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def owned(self) -> slice:
        """The frames start:stop, as a slice of the frames that are read."""
        return slice(self.start - self.read_start, self.stop - self.read_start)


@dataclass(frozen=True)
class Plan:
    """How a clip is divided, as one scan of it has shown.

    pts        int64 (T,): the time stamp of each frame, in units of time_base seconds
    time_base  seconds
    shots      half-open frame ranges without a cut, in order
    windows    in order; each frame belongs to one window
    """

    pts: np.ndarray
    time_base: Fraction
    shots: tuple[tuple[int, int], ...]
    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        stops = [0, *(window.stop for window in self.windows)]
        starts = [*(window.start for window in self.windows), len(self.pts)]
        if stops != starts:
            raise ValueError("expected windows that own every frame once, in order")

    def __len__(self) -> int:
        return len(self.pts)
