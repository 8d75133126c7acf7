"""MatchExposure and Level: the frames of a window in one exposure, so that motion and colours can be carried."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.clip import Clip
from vidinpaint.flow.dis import Dis, one_opencv_thread
from vidinpaint.graph import Lane
from vidinpaint.propagation.exposure import Levels, match_exposure
from vidinpaint.propagation.exposure_change import Thumbnail, thumbnail_size
from vidinpaint.video.colour import shrunk_rgb


@dataclass(frozen=True)
class MatchExposure:
    """Measures, on what is known of whole frames, how brightness and tint change from frame to frame.

    on   False: every frame is taken as it is
    """

    on: bool = True
    lane: ClassVar[Lane] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray) -> Levels:
        if not self.on:
            return Levels.none(len(clip))
        size = thumbnail_size(clip.height, clip.width)
        small = [Thumbnail.of(*shrunk_rgb(clip, t, hole, size)) for t, hole in enumerate(mask)]
        with one_opencv_thread():
            return match_exposure(small, Dis().between)


@dataclass(frozen=True)
class Level:
    """Brings the frames to one exposure; the last stage brings what was painted back to each frame's own."""

    lane: ClassVar[Lane] = "compute"

    def __call__(self, frames: np.ndarray, levels: Levels) -> np.ndarray:
        return levels.level(frames)
