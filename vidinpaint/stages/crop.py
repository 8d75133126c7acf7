"""CropFrames and CropHoles: one crop box of a window as float RGB, and what is to be painted in it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.clip import Clip
from vidinpaint.graph import Lane
from vidinpaint.propagation.anchors import Anchors
from vidinpaint.video.colour import contaminated, rgb_from_planes
from vidinpaint.window import Box


@dataclass(frozen=True)
class CropFrames:
    """Cuts out the crop as float32 (T, h, w, 3) RGB in [0, 1]; finished frames show what was painted in them."""

    lane: ClassVar[Lane] = "compute"

    def __call__(self, clip: Clip, box: Box, anchors: Anchors) -> np.ndarray:
        frames = rgb_from_planes(clip, box)
        anchors.paste(frames, box, clip.first)
        return frames


@dataclass(frozen=True)
class CropHoles:
    """Cuts out the holes as bool (T, h, w), with the pixels whose colour mixes with theirs; finished frames have none.

    Where colour is stored at half resolution, a pixel beside a hole shares its colour sample with it.
    """

    lane: ClassVar[Lane] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, box: Box, anchors: Anchors) -> np.ndarray:
        holes = contaminated(mask[:, *box.slices], clip.format, box, clip.colour)
        anchors.clear(holes, box, clip.first)
        return holes
