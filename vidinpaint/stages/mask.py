"""OpenMasks and ReadMask: the masks of the clip, and the mask of one window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Window
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.specs import MaskSpec
from vidinpaint.planning.timeline import Timeline
from vidinpaint.video.mask_video import ClipFrames, MaskVideo
from vidinpaint.video.readers import Reader


@dataclass(frozen=True)
class OpenMasks(Settings):
    """Opens the masks and checks that they fit the clip."""

    grow: int = setting(0, "By how much every mask is dilated on all sides.", low=0, high=1000, unit="pixels")
    resize: bool = setting(False, "Whether masks of another size are scaled to the size of the clip.")
    name: ClassVar[str] = "mask"
    phase: ClassVar[Phase] = "plan"

    def __call__(self, reader: Reader, mask_specs: Sequence[MaskSpec], timeline: Timeline) -> Masks:
        info, place = reader.info, reader.locate(timeline.pts)
        return open_masks(
            mask_specs, *info.shown_size, timeline.pts, timeline.time_base,
            turn=info.turn, pixel_aspect=info.shown_aspect,
            grow=self.grow, resize=self.resize, read_video=MaskVideo,
            read_frames=ClipFrames(reader, timeline.pts), zero=place.zero, origin=place.origin, before=place.before,
            total=place.total, numbers=place.numbers,
        )  # fmt: skip


@dataclass(frozen=True)
class ReadMask:
    """Reads the mask of the frames of a window: bool (T, H, W), True = inpaint."""

    name: ClassVar[str] = "read_mask"
    phase: ClassVar[Phase] = "read"

    def __call__(self, masks: Masks, window: Window) -> np.ndarray:
        return masks.read(window.read_start, window.read_stop)
