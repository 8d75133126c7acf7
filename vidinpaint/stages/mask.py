"""OpenMasks and ReadMask: the masks of the clip, and the mask of one window."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Window
from vidinpaint.detection.detection import Detections
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
    default: str = setting("", "Masks where none are given, with blanks between them, such as `mark text`.")
    name: ClassVar[str] = "mask"
    phase: ClassVar[Phase] = "plan"

    def __call__(
        self, reader: Reader, mask_specs: Sequence[MaskSpec], timeline: Timeline, detections: Detections
    ) -> Masks:
        info, place = reader.info, reader.locate(timeline.pts)
        _check_no_frame(mask_specs, getattr(reader, "files", ()))
        return open_masks(
            mask_specs, *info.shown_size, timeline.pts, timeline.time_base,
            turn=info.turn, pixel_aspect=info.shown_aspect,
            grow=self.grow, resize=self.resize, read_video=MaskVideo,
            read_frames=ClipFrames(reader, timeline.pts), zero=place.zero, origin=place.origin, before=place.before,
            total=place.total, numbers=place.numbers, detections=detections,
        )  # fmt: skip


def _check_no_frame(specs: Sequence[MaskSpec], frames: Sequence[Path]) -> None:
    """Raise MaskError for a mask that lies among the frames of a folder and would be one of them."""
    folder = frames[0].parent.resolve() if frames else None
    names = {frame.name for frame in frames}
    for spec in specs:
        if isinstance(spec.source, Path) and spec.source.name in names and spec.source.resolve().parent == folder:
            actual = f"{spec.name}, which lies among the frames in '{frames[0].parent}'"
            raise MaskError("a mask that is no frame of the clip", actual, "Move it to another folder.")


@dataclass(frozen=True)
class ReadMask:
    """Reads the mask of the frames of a window: bool (T, H, W), True = inpaint."""

    name: ClassVar[str] = "read_mask"
    phase: ClassVar[Phase] = "read"

    def __call__(self, masks: Masks, window: Window) -> np.ndarray:
        return masks.read(window.read_start, window.read_stop)
