"""MakePlan: divides the clip into windows, and the masks into crops."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.core.graph import Phase
from vidinpaint.core.window import Plan
from vidinpaint.flow.downscaling import LONGEST, downscaling_steps
from vidinpaint.masks.masks import Masks
from vidinpaint.planning.timeline import Timeline
from vidinpaint.planning.windows import WindowSettings, make_windows
from vidinpaint.video.readers import Reader


@dataclass(frozen=True)
class MakePlan(WindowSettings):
    """Divides the shots into windows, and the masked area of each window into crops."""

    name: ClassVar[str] = "plan"
    phase: ClassVar[Phase] = "plan"

    def __call__(self, reader: Reader, masks: Masks, timeline: Timeline) -> Plan:
        info = reader.info
        frame_bytes = info.format.frame_bytes(info.height, info.width)
        large = downscaling_steps(info.width, info.height, LONGEST) > 0
        windows = make_windows(
            timeline.shots, masks, info.width, info.height, frame_bytes, self, timeline.motion, large
        )
        return Plan(timeline.pts, timeline.time_base, timeline.shots, windows)
