"""CompleteReferenceFrames: completes a few frames of every shot together, before its windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box, Plan
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.masks.fringe import fringe_width
from vidinpaint.masks.masks import Masks
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.alignment import ShotFrame
from vidinpaint.reference_frames.frame_selection import select_frames
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.stages.uses_inpainters import UsesInpainters, detail_setting, image_synthesis, inpainter_classes
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import Reader

MAX_BYTES = 300e6  # of the reference frames of one shot
PIXEL_BYTES = 12  # float32 RGB
MIN_FRAMES = 4


@dataclass(frozen=True)
class CompleteReferenceFrames(UsesInpainters):
    """Completes frames spread over a shot: first from each other, then with an inpainter where none shows anything.

    There are fewer than `count` in short shots, one for every twelve frames, and of large frames: at most 12 of
    1920 x 1080 pixels, 4 of 3840 x 2160 or more. Nothing is read or computed unless a window needs pixels that its own
    frames do not show.
    """

    count: int = setting(16, "Maximum number of reference frames per shot.", low=1, high=64, unit="frames")
    method: str = setting("patchmatch", "Inpainter, for images, of what no reference frame shows.")
    detail: float = detail_setting()
    name: ClassVar[str] = "reference_frames"
    phase: ClassVar[Phase] = "shot"

    def __post_init__(self) -> None:
        super().__post_init__()
        image_synthesis(self.method, self.options, self.detail)

    def method_classes(self) -> dict[str, type]:
        """See `UsesInpainters`; only inpainters for images."""
        return inpainter_classes(ImageInpainter)

    def __call__(self, reader: Reader, masks: Masks, plan: Plan, shot: int) -> ReferenceSet:
        start, stop = plan.shots[shot]

        def read() -> Sequence[ShotFrame]:
            boxes = [masks.boxes(index) for index in range(start, stop)]
            selected = [start + offset for offset in select_frames(boxes, min(self.count, _max_frames(reader)))]
            with reader.reopen() as own_reader:
                clips = [own_reader.read(plan.pts, index, index + 1) for index in selected]
            return _shot_frames(clips, [masks.read(index, index + 1) for index in selected])

        return ReferenceSet(read, image_synthesis(self.method, self.options, self.detail))


def _max_frames(reader: Reader) -> int:
    """How many frames fit into MAX_BYTES, at least MIN_FRAMES."""
    return max(MIN_FRAMES, int(MAX_BYTES / (PIXEL_BYTES * reader.info.width * reader.info.height)))


def _shot_frames(clips: Sequence[Clip], masks: Sequence[np.ndarray]) -> list[ShotFrame]:
    """Frames, one per clip, with their masks and the pixels around these that the object's colours have mixed with."""
    whole = Box(0, 0, clips[0].width, clips[0].height)
    mask = np.concatenate(masks)
    mask = dilate(mask, fringe_width([rgb_from_planes(clip, whole)[0] for clip in clips], mask))
    return [
        ShotFrame.of(clip.first, rgb_from_planes(clip, whole, frame_mask[None])[0], frame_mask)
        for clip, frame_mask in zip(clips, mask)
    ]
