"""MakePlan: how the clip is cut into windows."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.flow.halved import LONGEST, halvings
from vidinpaint.graph import Lane
from vidinpaint.masks.masks import Masks
from vidinpaint.planning.timeline import Timeline
from vidinpaint.planning.windows import WindowSettings, make_windows
from vidinpaint.video.readers import Reader
from vidinpaint.window import Plan


@dataclass(frozen=True)
class MakePlan(WindowSettings):
    """Cuts the shots into windows, and the masks into crop boxes."""

    name: ClassVar[str] = "plan"
    lane: ClassVar[Lane] = "plan"

    def __call__(self, reader: Reader, masks: Masks, timeline: Timeline) -> Plan:
        info = reader.info
        frame_bytes = info.format.frame_bytes(info.height, info.width)
        large = halvings(info.width, info.height, LONGEST) > 0
        windows = make_windows(
            timeline.shots, masks, info.width, info.height, frame_bytes, self, timeline.motion, large
        )
        return Plan(timeline.pts, timeline.time_base, timeline.shots, windows)
