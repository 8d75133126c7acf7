"""`Interval`: consecutive frames over which the same masks hold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.masks.layers import check_masks
from vidinpaint.masks.parts import part_boxes
from vidinpaint.masks.sources.interface import CHUNK, ReadMasks
from vidinpaint.numerics.morphology import dilate

MaskExtent = tuple[tuple[Box, ...], float]
"""Boxes of the connected parts of one frame's mask, and the share of the frame that is masked (0 to 1)."""


@dataclass(frozen=True, eq=False)
class Interval:
    """Frames start:stop, over which the same masks hold.

    still    bool (H, W): the union of the masks that are the same in all of them, dilated already
    moving   the masks that change from frame to frame, not dilated yet, each with its name
    grow     pixels by which to dilate, 0 or more
    """

    start: int
    stop: int
    still: np.ndarray
    moving: tuple[tuple[str, ReadMasks], ...]
    grow: int

    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W), True = inpaint; where nothing moves, a view that takes no memory."""
        shape = (stop - start, *self.still.shape)
        if not self.moving:
            return np.broadcast_to(self.still, shape)
        masks = np.zeros(shape, bool)
        for name, read in self.moving:
            layer = read(start, stop)
            check_masks(layer, shape, name)
            masks |= layer
        masks = dilate(masks, self.grow, "disc")
        masks |= self.still
        return masks

    def edited(self, start: int, stop: int, edit: Callable[[int, int, np.ndarray], np.ndarray]) -> "Interval":
        """The frames start:stop of it, with other masks; see `Masks.edited`."""
        if not self.moving:
            return Interval(start, stop, edit(start, stop, self.still), (), 0)

        def read(first: int, last: int) -> np.ndarray:
            return edit(first, last, self.read(first, last))

        return Interval(start, stop, np.zeros_like(self.still), (("the masks", read),), 0)

    def scan(self) -> list[MaskExtent]:
        """The extent of the mask in each frame; the same object for all frames where nothing moves."""
        if not self.moving:
            return [_extent(self.still)] * (self.stop - self.start)
        chunks = range(self.start, self.stop, CHUNK)
        return [_extent(mask) for at in chunks for mask in self.read(at, min(at + CHUNK, self.stop))]


def _extent(mask: np.ndarray) -> MaskExtent:
    return part_boxes(mask), np.count_nonzero(mask) / mask.size
