"""OpenMasks and ReadMask: where to paint, for the clip and for one window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.graph import Lane
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.specs import MaskSpec
from vidinpaint.planning.timeline import Timeline
from vidinpaint.stages.mask_video import ClipFrames, read_mask_video
from vidinpaint.video.readers import Reader
from vidinpaint.window import Window


@dataclass(frozen=True)
class OpenMasks:
    """Checks the masks against the clip.

    grow    pixels by which every hole is widened, 0 to 1000
    resize  whether masks of another size are scaled to the clip's
    """

    grow: int = 0
    resize: bool = False
    lane: ClassVar[Lane] = "plan"

    def __call__(self, reader: Reader, mask_specs: Sequence[MaskSpec], timeline: Timeline) -> Masks:
        place = reader.place(timeline.pts)
        return open_masks(
            mask_specs, reader.info.width, reader.info.height, timeline.pts, timeline.time_base,
            grow=self.grow, resize=self.resize, read_video=read_mask_video,
            read_frames=ClipFrames(reader, timeline.pts), origin=place.origin, before=place.before, total=place.total,
        )  # fmt: skip


@dataclass(frozen=True)
class ReadMask:
    """Reads where to paint in the frames of a window: bool (T, H, W), True = paint."""

    lane: ClassVar[Lane] = "read"

    def __call__(self, masks: Masks, window: Window) -> np.ndarray:
        return masks.read(window.read_start, window.read_stop)
