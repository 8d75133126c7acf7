"""CompleteAnchors: a few frames of every shot, completed together before its windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from vidinpaint.anchors.album import Anchors
from vidinpaint.anchors.alignment import Picture
from vidinpaint.anchors.picking import pick_frames
from vidinpaint.clip import Clip
from vidinpaint.errors import SettingError
from vidinpaint.graph import Lane
from vidinpaint.masks.fringe import fringe_width, grown_by_fringe
from vidinpaint.masks.masks import Masks
from vidinpaint.stages.invention import invention
from vidinpaint.video.colour import contaminated, rgb_from_planes
from vidinpaint.video.readers import Reader
from vidinpaint.window import Box, Plan

MEMORY = 300e6  # bytes that the frames of one shot may take
PIXEL_BYTES = 12  # float RGB
FEWEST = 4


@dataclass(frozen=True)
class CompleteAnchors:
    """Completes frames spread over a shot: from each other first, and by a filler where none of them shows anything.

    count    frames of a shot at the most, 1 to 64; short shots have fewer, one for twelve frames, and so have large
             frames: 12 at 1920 x 1080, 4 from 3840 x 2160 on
    filler   name of the filler for single frames; `options` holds settings by filler name
    detail   how much of the filler's detail is kept, 0 to 1, see `vidinpaint.stages.invention`

    Nothing is read or computed unless a window has something left that it cannot see in its own frames.
    """

    count: int = 16
    filler: str = "patchmatch"
    detail: float = 0.7
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lane: ClassVar[Lane] = "shot"

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 64:
            raise SettingError("1 to 64 anchors", str(self.count), "Choose a count in this range.")
        invention(self.filler, self.options, self.detail)

    def __call__(self, reader: Reader, masks: Masks, plan: Plan, shot: int) -> Anchors:
        start, stop = plan.shots[shot]

        def read() -> Sequence[Picture]:
            boxes = [masks.boxes(index) for index in range(start, stop)]
            numbers = [start + offset for offset in pick_frames(boxes, min(self.count, _affordable(reader)))]
            with reader.again() as own:
                clips = [own.read(plan.pts, number, number + 1) for number in numbers]
            return _pictures(clips, [masks.read(number, number + 1) for number in numbers])

        return Anchors(read, invention(self.filler, self.options, self.detail))


def _affordable(reader: Reader) -> int:
    """How many frames may be held at once."""
    return max(FEWEST, int(MEMORY / (PIXEL_BYTES * reader.info.width * reader.info.height)))


def _pictures(clips: Sequence[Clip], masks: Sequence[np.ndarray]) -> list[Picture]:
    """Single frames with their holes, and what around these is mixed with them."""
    whole = Box(0, 0, clips[0].width, clips[0].height)
    pixels = [rgb_from_planes(clip, whole) for clip in clips]
    holes = np.concatenate(masks)
    holes = grown_by_fringe(holes, fringe_width([frames[0] for frames in pixels], holes))
    return [
        Picture.of(clip.first, frames[0], contaminated(hole[None], clip.format, whole, clip.colour)[0])
        for clip, frames, hole in zip(clips, pixels, holes)
    ]
