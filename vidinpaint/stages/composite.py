"""Composite: the painted pixels put into the source's own planes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.canvas import Canvas
from vidinpaint.clip import Clip
from vidinpaint.errors import SettingError
from vidinpaint.graph import Lane
from vidinpaint.video.colour import paint
from vidinpaint.window import Window


@dataclass(frozen=True)
class Composite:
    """Writes the painted pixels under the holes, and nothing else: every other sample stays the decoder's.

    feather  pixels, inward from the border of a hole, over which the painted picture blends into what was there,
             0 to 500; for holes that were drawn or grown larger than what is to go
    """

    feather: int = 0
    lane: ClassVar[Lane] = "merge"

    def __post_init__(self) -> None:
        if not 0 <= self.feather <= 500:
            raise SettingError("a feather of 0 to 500 pixels", str(self.feather), "Choose a value in this range.")

    def __call__(self, clip: Clip, mask: np.ndarray, finished: Sequence[Canvas], window: Window) -> Clip:
        owned = clip.cut(window.start, window.stop)
        if not window.boxes:
            return owned
        planes = tuple(plane.copy() for plane in owned.planes)
        for box, canvas in zip(window.boxes, finished):
            holes = mask[window.owned][:, *box.slices]
            weight = _feathered(holes, self.feather) if self.feather else None
            paint(planes, clip.format, clip.colour, box, canvas.pixels, holes, weight)
        return replace(owned, planes=planes)


def _feathered(holes: np.ndarray, feather: int) -> np.ndarray:
    """float32 (T, h, w): 0 at the border of a hole, 1 from `feather` pixels inside on."""
    inside = np.stack([cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5) for hole in holes])
    return np.clip(inside / (feather + 1), 0, 1).astype(np.float32)
