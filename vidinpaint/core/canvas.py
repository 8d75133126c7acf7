"""`Canvas`: a window's pixels, and where each of them came from."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Source(IntEnum):
    """Where a pixel came from; the composite, the report and debug images all use it."""

    ORIGINAL = 0
    PROPAGATED = 1
    UNBLENDED = 2
    SYNTHESISED = 3
    UNFILLED = 4


@dataclass(frozen=True)
class Canvas:
    """The frames that a window owns, in one of its crops.

    pixels float32 (T, H, W, 3) RGB in [0, 1]; source uint8 (T, H, W), values of `Source`.
    """

    pixels: np.ndarray
    source: np.ndarray

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.float32 or self.pixels.shape != (*self.source.shape, 3):
            raise ValueError(
                f"expected float32 pixels {(*self.source.shape, 3)}, found {self.pixels.dtype} {self.pixels.shape}"
            )
        if self.source.dtype != np.uint8:
            raise ValueError(f"expected a uint8 source map, found {self.source.dtype}")

    @property
    def unfilled(self) -> np.ndarray:
        """bool (T, H, W), True where a masked pixel has no value yet."""
        return np.asarray(self.source == Source.UNFILLED)

    def synthesised(self, pixels: np.ndarray) -> "Canvas":
        """A canvas with `pixels`, float32 (T, H, W, 3), whose unfilled pixels are marked as synthesised."""
        return Canvas(pixels, np.where(self.unfilled, np.uint8(Source.SYNTHESISED), self.source))
