"""`Interval`: consecutive frames over which the same masks hold."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.masks.layers import check_masks
from vidinpaint.masks.morphology import dilate
from vidinpaint.masks.parts import part_boxes
from vidinpaint.masks.sources.interface import CHUNK, ReadMasks

Found = tuple[tuple[Box, ...], float]
"""Boxes of the connected parts of one frame's mask, and the share of the frame that is masked (0 to 1)."""


@dataclass(frozen=True, eq=False)
class Interval:
    """Frames start:stop, over which the same masks hold.

    still    bool (H, W), what is the same in all of them, grown
    moving   what changes from frame to frame, not grown yet, each with its name
    grow     pixels
    """

    start: int
    stop: int
    still: np.ndarray
    moving: tuple[tuple[str, ReadMasks], ...]
    grow: int

    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W); where nothing moves a view that takes no memory."""
        shape = (stop - start, *self.still.shape)
        if not self.moving:
            return np.broadcast_to(self.still, shape)
        masks = np.zeros(shape, bool)
        for name, read in self.moving:
            more = read(start, stop)
            check_masks(more, shape, name)
            masks |= more
        for index, mask in enumerate(masks):
            masks[index] = dilate(mask, self.grow)
        masks |= self.still
        return masks

    def scan(self) -> list[Found]:
        """What every frame holds; one entry stands for all where nothing moves."""
        if not self.moving:
            return [_find(self.still)] * (self.stop - self.start)
        chunks = range(self.start, self.stop, CHUNK)
        return [_find(mask) for at in chunks for mask in self.read(at, min(at + CHUNK, self.stop))]


def _find(mask: np.ndarray) -> Found:
    return part_boxes(mask), np.count_nonzero(mask) / mask.size
