"""CropMask, CropFrames, FindChromaBleed: one crop of a window as float RGB, and the mask of what to inpaint in it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.masks.fringe import frames_to_measure, fringe_width
from vidinpaint.numerics.morphology import dilate
from vidinpaint.video.pixels.colour import rgb_from_planes, with_chroma_bleed


@dataclass(frozen=True)
class CropMask(Settings):
    """Cuts out the mask of a crop, with the pixels around it that its colours have mixed with: bool (T, h, w).

    True = inpaint. A mask that follows an object tightly leaves a fringe of the object's colours. Such pixels are
    inpainted too, so that they are not propagated, but only pixels of the mask itself are written.
    """

    fringe: bool = setting(True, "Whether to look for a fringe of the object's colours around the mask, and remove it.")
    name: ClassVar[str] = "crop_mask"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, crop: Box) -> np.ndarray:
        crop_mask = mask[:, *crop.slices]
        if self.fringe:
            measured = frames_to_measure(crop_mask)
            frames = [rgb_from_planes(clip.cut(clip.first + t, clip.first + t + 1), crop)[0] for t in measured]
            crop_mask = dilate(crop_mask, fringe_width(frames, crop_mask[measured]))
        return crop_mask


@dataclass(frozen=True)
class CropFrames:
    """Cuts out a crop of the frames: float32 (T, h, w, 3) RGB in [0, 1].

    Where colour is stored at half resolution, a pixel next to the mask shares its colour sample with a masked one. Such
    pixels keep their luma and get the colour of clean pixels nearby.
    """

    name: ClassVar[str] = "crop_frames"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, crop_mask: np.ndarray, crop: Box) -> np.ndarray:
        return rgb_from_planes(clip, crop, crop_mask)


@dataclass(frozen=True)
class FindChromaBleed:
    """Finds the pixels of a crop whose chroma is mixed with chroma from under the mask: bool (T, h, w).

    They include the mask. Without subsampled chroma, they are the mask.
    """

    name: ClassVar[str] = "find_chroma_bleed"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, crop_mask: np.ndarray, crop: Box) -> np.ndarray:
        return with_chroma_bleed(crop_mask, clip.format, clip.colour, crop)
