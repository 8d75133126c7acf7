"""`MaskSize`: the size that masks must have, and what becomes of masks of another size."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError

_SAME_ASPECT = 0.015  # by which aspect ratios may differ; sizes are rounded to whole pixels


@dataclass(frozen=True)
class MaskSize:
    """The clip's size in pixels, upright, and whether masks of another size are scaled to it (nearest) or are an error.

    pixel_aspect  width of a pixel divided by its height. Default: 1
    note          takes a sentence for the report. Default: it is logged
    """

    width: int
    height: int
    resize: bool = False
    pixel_aspect: Fraction = Fraction(1)
    note: Callable[[str], None] = logging.getLogger(__name__).warning

    def fit(self, mask: np.ndarray, name: str) -> np.ndarray:
        """The mask (H, W) in the clip's size. Raises MaskError where it is turned, or has another size not `resize`."""
        height, width = mask.shape
        if (width, height) == (self.width, self.height):
            return mask
        same_aspect = any(self._has_aspect(mask, aspect) for aspect in self._aspects())
        if not same_aspect and any(self._has_aspect(mask, 1 / aspect) for aspect in self._aspects()):
            raise MaskError(
                f"a mask of {self.width} x {self.height}, for the picture as it is shown",
                f"{width} x {height} {name}, which is turned by 90 degrees",
                "Turn it until it is upright: masks refer to what players and viewers show, not to what is stored.",
            )
        if not self.resize:
            raise MaskError(
                f"a mask of {self.width} x {self.height}",
                f"{width} x {height} {name}",
                "Use --resize-mask (in Python resize_mask=True) if it shows the same frame at another scale.",
            )
        if not same_aspect:
            sizes = f"{width} x {height} to {self.width} x {self.height}"
            self.note(f"{name} is distorted: it was scaled from {sizes}, which have different aspect ratios")
        scaled = cv2.resize(mask.view(np.uint8), (self.width, self.height), interpolation=cv2.INTER_NEAREST_EXACT)
        return scaled.view(mask.dtype)

    def _aspects(self) -> tuple[float, float]:
        """Width by height of the frame in pixels, and as it is shown."""
        aspect = self.width / self.height
        return aspect, aspect * float(self.pixel_aspect)

    def _has_aspect(self, mask: np.ndarray, aspect: float) -> bool:
        height, width = map(int, mask.shape)
        return abs(width - height * aspect) <= max(1, _SAME_ASPECT * width)
