"""CropFrames and CropHoles: one crop box of a window as float RGB, and what is to be painted in it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.clip import Clip
from vidinpaint.graph import Lane
from vidinpaint.masks.fringe import frames_to_measure, fringe_width, grown_by_fringe
from vidinpaint.video.colour import contaminated, rgb_from_planes
from vidinpaint.window import Box


@dataclass(frozen=True)
class CropFrames:
    """Cuts out the crop as float32 (T, h, w, 3) RGB in [0, 1]."""

    lane: ClassVar[Lane] = "compute"

    def __call__(self, clip: Clip, box: Box) -> np.ndarray:
        return rgb_from_planes(clip, box)


@dataclass(frozen=True)
class CropHoles:
    """Cuts out what has to be painted anew as bool (T, h, w): the holes, and what around them is mixed with them.

    Where colour is stored at half resolution, a pixel beside a hole shares its colour sample with it; and a mask that
    follows an object tightly leaves a fringe of its colours standing. Such pixels serve nothing as a source; written
    are those of the mask alone.

    fringe   whether to look for a fringe, see `vidinpaint.masks.fringe`
    """

    fringe: bool = True
    lane: ClassVar[Lane] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, box: Box) -> np.ndarray:
        holes = mask[:, *box.slices]
        if self.fringe:
            few = frames_to_measure(holes)
            frames = [rgb_from_planes(clip.cut(clip.first + t, clip.first + t + 1), box)[0] for t in few]
            holes = grown_by_fringe(holes, fringe_width(frames, holes[few]))
        return contaminated(holes, clip.format, box, clip.colour)
