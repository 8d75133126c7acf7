"""Check: measures the inpainted crop, and judges whether a viewer would notice the inpainting."""

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

FAST_FLOW = Dis("ultrafast")
"""Estimates flow at half size: warping errors along better flow say no more (docs/checking.md)."""


@dataclass(frozen=True)
class Check(Settings):
    """Compares the inpainted pixels of a crop with those around the mask; needs no truth."""

    tolerance: float = setting(1.0, "Factor on the limits: above 1 is more tolerant, below 1 is stricter.", above=0)
    retries: bool = setting(True, "Whether windows with the verdict bad are computed again with other settings.")
    name: ClassVar[str] = "check"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, frames: np.ndarray, mask: np.ndarray, crop: Box, finished: Canvas, window: Window) -> CropCheck:
        visible = _visible(frames[window.owned], mask[window.owned][:, *crop.slices], finished)
        with one_opencv_thread():
            return judge(measure(visible, window.start, _motion), self.tolerance)


def _visible(frames: np.ndarray, mask: np.ndarray, finished: Canvas) -> Canvas:
    """The canvas as viewers will see it: original pixels outside the mask, even where more was inpainted."""
    return Canvas(
        np.where(mask[..., None], finished.pixels, frames),
        np.where(mask, finished.source, np.uint8(Source.ORIGINAL)),
    )


def _motion(frame: np.ndarray, following: np.ndarray) -> np.ndarray:
    """Flow float32 (h, w, 2) between two grey uint8 frames (h, w), estimated at half size."""
    height, width = frame.shape
    size = (max(1, width // 2), max(1, height // 2))
    half = (cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (frame, following))
    flow = cv2.resize(FAST_FLOW.between(*half), (width, height), interpolation=cv2.INTER_LINEAR)
    return flow * np.array([width / size[0], height / size[1]], np.float32)
