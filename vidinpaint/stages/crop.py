"""CropFrames and CropMask: one crop of a window as float RGB, and what is to be inpainted in it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.masks.fringe import frames_to_measure, fringe_width
from vidinpaint.numerics.morphology import dilate
from vidinpaint.video.colour import rgb_from_planes, with_chroma_bleed


@dataclass(frozen=True)
class CropFrames:
    """Cuts out the crop as float32 (T, h, w, 3) RGB in [0, 1]."""

    name: ClassVar[str] = "crop_frames"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, crop: Box) -> np.ndarray:
        return rgb_from_planes(clip, crop)


@dataclass(frozen=True)
class CropMask(Settings):
    """Cuts out what has to be inpainted as bool (T, h, w): the mask, and the pixels around it that it has mixed with.

    Where colour is stored at half resolution, a pixel beside the mask shares its colour sample with it; and a mask that
    follows an object tightly leaves a fringe of the object's colours. Such pixels are no source for others; only pixels
    of the mask itself are written.
    """

    fringe: bool = setting(True, "Whether to look for a fringe of the object's colours around the mask, and remove it.")
    name: ClassVar[str] = "crop_mask"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, crop: Box) -> np.ndarray:
        inside = mask[:, *crop.slices]
        if self.fringe:
            few = frames_to_measure(inside)
            frames = [rgb_from_planes(clip.cut(clip.first + t, clip.first + t + 1), crop)[0] for t in few]
            inside = dilate(inside, fringe_width(frames, inside[few]))
        return with_chroma_bleed(inside, clip.format, crop, clip.colour)
