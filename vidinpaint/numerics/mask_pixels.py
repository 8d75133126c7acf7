"""`MaskPixels`: the mask pixels of several frames as flat lists, as compiled kernels read them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class PixelArrays(NamedTuple):
    """The arrays of `MaskPixels`, as one argument of a kernel."""

    offsets: np.ndarray
    y: np.ndarray
    x: np.ndarray


@dataclass(frozen=True)
class MaskPixels:
    """Pixels of frame t are the entries offsets[t] to offsets[t + 1] of y and x, in reading order.

    offsets  int64 (T + 1,)
    y, x     int32 (N,)
    """

    offsets: np.ndarray
    y: np.ndarray
    x: np.ndarray

    @classmethod
    def of(cls, masks: np.ndarray, frames: slice = slice(None)) -> "MaskPixels":
        """All True pixels of masks bool (T, H, W), or only those of the given frames."""
        t, y, x = np.nonzero(masks[frames])
        t = t * (frames.step or 1) + (frames.start or 0)
        offsets = np.zeros(len(masks) + 1, np.int64)
        np.cumsum(np.bincount(t, minlength=len(masks)), out=offsets[1:])
        return cls(offsets, y.astype(np.int32), x.astype(np.int32))

    def __len__(self) -> int:
        return len(self.y)

    @property
    def arrays(self) -> PixelArrays:
        """For kernels."""
        return PixelArrays(self.offsets, self.y, self.x)

    @property
    def t(self) -> np.ndarray:
        """int64 (N,): the frame of every pixel."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def index_map(self, shape: tuple[int, ...]) -> np.ndarray:
        """int32 (T, H, W): the entry of each pixel, -1 where it is not in the list."""
        index = np.full(shape, -1, np.int32)
        index[self.t, self.y, self.x] = np.arange(len(self), dtype=np.int32)
        return index
