"""`Detection`: something that was found in a clip, with its mask and its time; `draw` makes masks of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.numerics.morphology import bounding_box

Kind = Literal["text", "mark"]


@dataclass(frozen=True, eq=False)
class Detection:
    """One line of text, or one mark at one place. Frames are counted from the first one that is processed.

    kind         what it is
    start, stop  the frames that show it, start:stop
    box          where it is, in pixels of the clip as players show it; in the frame `start` if it moves
    mask         bool (box.height, box.width), True = inpaint
    confidence   how sure it is, 0 to 1
    text         the characters, where they were read
    path         for what moves: the upper left corner (x, y) of the box in each frame start:stop, which may lie outside
                 the frame. Default: empty, it stays at its place
    """

    kind: Kind
    start: int
    stop: int
    box: Box
    mask: np.ndarray
    confidence: float
    text: str = ""
    path: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"expected frames with 0 <= start < stop, found {self.start}:{self.stop}")
        if self.mask.dtype != np.bool_ or self.mask.shape != (self.box.height, self.box.width):
            raise ValueError(
                f"expected a bool mask of the size of {self.box}, found {self.mask.dtype} {self.mask.shape}"
            )
        if self.path and len(self.path) != self.stop - self.start:
            raise ValueError(f"expected {self.stop - self.start} positions, found {len(self.path)}")

    def corner(self, frame: int) -> tuple[int, int]:
        """Upper left corner (x, y) in one of the frames start:stop."""
        return self.path[frame - self.start] if self.path else (self.box.x, self.box.y)


def draw(detections: Iterable[Detection], start: int, stop: int, height: int, width: int) -> np.ndarray:
    """bool (stop - start, height, width), True = inpaint: the union of the masks in the frames start:stop."""
    masks = np.zeros((stop - start, height, width), bool)
    for detection in detections:
        for frame in range(max(start, detection.start), min(stop, detection.stop)):
            x, y = detection.corner(frame)
            top, left = max(0, y), max(0, x)
            region = masks[
                frame - start, top : max(0, y + detection.box.height), left : max(0, x + detection.box.width)
            ]
            region |= detection.mask[top - y :, left - x :][: region.shape[0], : region.shape[1]]
    return masks


def trimmed(box: Box, mask: np.ndarray) -> tuple[Box, np.ndarray]:
    """The smallest box that holds a mask bool (box.height, box.width), which marks something, and the mask in it."""
    inner = bounding_box(mask)
    assert inner is not None
    return Box(box.x + inner.x, box.y + inner.y, inner.width, inner.height), mask[inner.slices].copy()


@dataclass(frozen=True, eq=False)
class Detections:
    """What was found in a clip: for each mask that the user gave, what it searched for; None if it did not search."""

    of_mask: tuple[tuple[Detection, ...] | None, ...]

    @property
    def all(self) -> list[Detection]:
        """All of them, in the order in which they appear."""
        return sorted((one for found in self.of_mask for one in found or ()), key=lambda one: (one.start, one.box))
