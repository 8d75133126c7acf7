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
from vidinpaint.video.pixels.colour import composite_into_planes


@dataclass(frozen=True)
class Composite(Settings):
    """Writes the inpainted pixels under the mask; every other sample stays exactly as it was decoded."""

    feather: int = setting(
        0,
        "Width, inwards from the mask's border, over which the result fades into the source; for masks that are larger"
        " than the object.",
        low=0, high=500, unit="pixels",
    )  # fmt: skip
    name: ClassVar[str] = "composite"
    phase: ClassVar[Phase] = "merge"

    def __call__(self, clip: Clip, mask: np.ndarray, finished: Sequence[Canvas], window: Window) -> Clip:
        owned = clip.cut(window.start, window.stop)
        if not window.crops:
            return owned
        planes = tuple(plane.copy() for plane in owned.planes)
        for crop, canvas in zip(window.crops, finished):
            crop_mask = mask[window.owned][:, *crop.slices]
            weight = _feather_weight(crop_mask, self.feather) if self.feather else None
            composite_into_planes(planes, clip.format, clip.colour, crop, canvas.pixels, crop_mask, weight)
        return replace(owned, planes=planes)


def _feather_weight(mask: np.ndarray, feather: int) -> np.ndarray:
    """Weight of the result float32 (T, h, w): 0 outside the mask, rising to 1 at `feather` pixels from its border."""
    distance = np.stack([cv2.distanceTransform(frame.astype(np.uint8), cv2.DIST_L2, 5) for frame in mask])
    return np.clip(distance / (feather + 1), 0, 1).astype(np.float32)
