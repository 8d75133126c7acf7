"""Composite: writes the inpainted pixels into the source's own planes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas
from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Window
from vidinpaint.video.colour import composite_into_planes


@dataclass(frozen=True)
class Composite(Settings):
    """Writes the inpainted pixels under the mask, and nothing else: every other sample stays the decoder's."""

    feather: int = setting(
        0,
        "Width, inwards from the mask's border, over which the result blends into the source; for masks larger than"
        " what is removed.",
        low=0, high=500, unit="pixels",
    )  # fmt: skip
    name: ClassVar[str] = "composite"
    phase: ClassVar[Phase] = "merge"

    def __call__(self, clip: Clip, mask: np.ndarray, finished: Sequence[Canvas], window: Window) -> Clip:
        owned = clip.cut(window.start, window.stop)
        if not window.boxes:
            return owned
        planes = tuple(plane.copy() for plane in owned.planes)
        for box, canvas in zip(window.boxes, finished):
            here = mask[window.owned][:, *box.slices]
            weight = _feathered(here, self.feather) if self.feather else None
            composite_into_planes(planes, clip.format, clip.colour, box, canvas.pixels, here, weight)
        return replace(owned, planes=planes)


def _feathered(mask: np.ndarray, feather: int) -> np.ndarray:
    """float32 (T, h, w): 0 at the border of the mask, 1 from `feather` pixels inside it on."""
    inside = np.stack([cv2.distanceTransform(frame.astype(np.uint8), cv2.DIST_L2, 5) for frame in mask])
    return np.clip(inside / (feather + 1), 0, 1).astype(np.float32)
