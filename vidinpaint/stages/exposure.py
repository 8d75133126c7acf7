"""MatchExposure and CompensateExposure: bring the frames of a window to one exposure before pixels are propagated."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.flow.dis import Dis, one_opencv_thread
from vidinpaint.propagation.exposure import Levels, match_exposure
from vidinpaint.propagation.exposure_change import Thumbnail, thumbnail_size
from vidinpaint.video.pixels.colour import downscaled_rgb


@dataclass(frozen=True)
class MatchExposure(Settings):
    """Measures how brightness and white balance change from frame to frame, on the known pixels of whole frames."""

    on: bool = setting(True, "Whether to compensate changes of exposure and white balance.")
    name: ClassVar[str] = "exposure"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, crop_mask: np.ndarray) -> Levels:
        if not self.on or not crop_mask.any():
            return Levels.none(len(clip))
        size = thumbnail_size(clip.height, clip.width)
        thumbnails = [Thumbnail.of(*downscaled_rgb(clip, t, frame_mask, size)) for t, frame_mask in enumerate(mask)]
        with one_opencv_thread():
            return match_exposure(thumbnails, Dis().between)


@dataclass(frozen=True)
class CompensateExposure:
    """Brings all frames to one exposure; `Finish` returns the inpainted pixels to the exposure of their frame."""

    name: ClassVar[str] = "compensate_exposure"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, frames: np.ndarray, exposure: Levels) -> np.ndarray:
        return exposure.level(frames)
