"""MatchExposure and Level: the frames of a window in one exposure, so that motion and colours can be carried."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.flow.dis import Dis, one_opencv_thread
from vidinpaint.graph import Lane
from vidinpaint.propagation.exposure import Levels, match_exposure


@dataclass(frozen=True)
class MatchExposure:
    """Measures, on what is known, how brightness and tint change from frame to frame.

    on   False: every frame is taken as it is
    """

    on: bool = True
    lane: ClassVar[Lane] = "compute"

    def __call__(self, frames: np.ndarray, holes: np.ndarray) -> Levels:
        if not self.on:
            return Levels.none(len(frames))
        with one_opencv_thread():
            return match_exposure(frames, holes, Dis().between)


@dataclass(frozen=True)
class Level:
    """Brings the frames to one exposure; the last stage brings what was painted back to each frame's own."""

    lane: ClassVar[Lane] = "compute"

    def __call__(self, frames: np.ndarray, levels: Levels) -> np.ndarray:
        return levels.level(frames)
