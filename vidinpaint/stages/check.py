"""Check: measures the inpainted crop, and says whether anybody would notice it."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.checking.measures import measure
from vidinpaint.checking.verdict import CropCheck, judge
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Window
from vidinpaint.flow.dis import Dis, one_opencv_thread

HALF = Dis("ultrafast")
"""Estimates at half size: warp errors along it tell as much as along better flow (docs/checking.md)."""


@dataclass(frozen=True)
class Check(Settings):
    """Measures the finished crop against its surroundings; the truth is not needed."""

    tolerance: float = setting(1.0, "Factor on the limits: above 1 is more tolerant, below 1 is stricter.", above=0)
    name: ClassVar[str] = "check"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, frames: np.ndarray, mask: np.ndarray, crop: Box, finished: Canvas, window: Window) -> CropCheck:
        result = _composited(frames[window.owned], mask[window.owned][:, *crop.slices], finished)
        with one_opencv_thread():
            return judge(measure(result, window.start, _motion), self.tolerance)


def _composited(frames: np.ndarray, mask: np.ndarray, finished: Canvas) -> Canvas:
    """What will be seen: inpainted pixels under the mask alone, although more were inpainted around it."""
    return Canvas(
        np.where(mask[..., None], finished.pixels, frames),
        np.where(mask, finished.source, np.uint8(Source.ORIGINAL)),
    )


def _motion(now: np.ndarray, following: np.ndarray) -> np.ndarray:
    """Flow float32 (h, w, 2) between two grey uint8 pictures (h, w), estimated at half size."""
    height, width = now.shape
    size = (max(1, width // 2), max(1, height // 2))
    half = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (now, following))
    flow = cv2.resize(HALF.between(*half), (width, height), interpolation=cv2.INTER_LINEAR)
    return flow * np.array([width / size[0], height / size[1]], np.float32)
