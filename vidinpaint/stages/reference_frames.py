"""CompleteReferenceFrames: a few frames of every shot, completed together before its windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Plan
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.masks.fringe import fringe_width
from vidinpaint.masks.masks import Masks
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.alignment import Picture
from vidinpaint.reference_frames.frame_selection import select_frames
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.stages.image_synthesis import build_inpainter, detail_setting, image_synthesis, inpainter_classes
from vidinpaint.video.colour import rgb_from_planes, with_chroma_bleed
from vidinpaint.video.readers import Reader

MEMORY = 300e6  # bytes that the frames of one shot may take
PIXEL_BYTES = 12  # float RGB
FEWEST = 4


@dataclass(frozen=True)
class CompleteReferenceFrames(Settings):
    """Completes frames spread over a shot: from each other first, and by an inpainter what none of them shows.

    Short shots have fewer than `count`, one for every twelve frames, and so have large frames: 12 at 1920 x 1080, 4
    from 3840 x 2160 on. `options` holds the settings of inpainters by their name. Nothing is read or computed unless
    a window unavailable_reason pixels that its own frames do not show.
    """

    count: int = setting(16, "Largest number of reference frames of a shot.", low=1, high=64, unit="frames")
    method: str = setting("patchmatch", "Inpainter, for images, of what no reference frame shows.")
    detail: float = detail_setting()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name: ClassVar[str] = "reference_frames"
    phase: ClassVar[Phase] = "shot"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.options:
            build_inpainter(name, self.options)
        image_synthesis(self.method, self.options, self.detail)

    def method_classes(self) -> dict[str, type]:
        """Every method that `options` may have settings of."""
        return inpainter_classes(ImageInpainter)

    def __call__(self, reader: Reader, masks: Masks, plan: Plan, shot: int) -> ReferenceSet:
        start, stop = plan.shots[shot]

        def read() -> Sequence[Picture]:
            boxes = [masks.boxes(index) for index in range(start, stop)]
            numbers = [start + offset for offset in select_frames(boxes, min(self.count, _affordable(reader)))]
            with reader.again() as own:
                clips = [own.read(plan.pts, number, number + 1) for number in numbers]
            return _pictures(clips, [masks.read(number, number + 1) for number in numbers])

        return ReferenceSet(read, image_synthesis(self.method, self.options, self.detail))


def _affordable(reader: Reader) -> int:
    """How many frames may be held at once."""
    return max(FEWEST, int(MEMORY / (PIXEL_BYTES * reader.info.width * reader.info.height)))


def _pictures(clips: Sequence[Clip], masks: Sequence[np.ndarray]) -> list[Picture]:
    """Single frames with their masks, and the pixels around these that they have mixed with."""
    whole = Box(0, 0, clips[0].width, clips[0].height)
    pixels = [rgb_from_planes(clip, whole) for clip in clips]
    mask = np.concatenate(masks)
    mask = dilate(mask, fringe_width([frames[0] for frames in pixels], mask))
    return [
        Picture.of(clip.first, frames[0], with_chroma_bleed(one[None], clip.format, whole, clip.colour)[0])
        for clip, frames, one in zip(clips, pixels, mask)
    ]
