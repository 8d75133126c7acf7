"""Scan and MakePlan: one look at the whole clip, and how it is cut up."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.flow.halved import LONGEST, halvings
from vidinpaint.graph import Lane
from vidinpaint.masks.masks import Masks
from vidinpaint.planning.timeline import Timeline, make_timeline
from vidinpaint.planning.windows import WindowSettings, make_windows
from vidinpaint.progress import Progress
from vidinpaint.video.readers import Reader
from vidinpaint.window import Plan


@dataclass(frozen=True)
class Scan:
    """Reads every frame once, small: time stamps and shots."""

    lane: ClassVar[Lane] = "plan"

    def __call__(self, reader: Reader, progress: Progress) -> Timeline:
        progress.begin("scan", None)

        def frames():  # type: ignore[no-untyped-def]
            for scanned in reader.scan():
                progress.advance(1)
                yield scanned.pts, scanned.grey

        return make_timeline(frames(), reader.info.time_base)


@dataclass(frozen=True)
class MakePlan(WindowSettings):
    """Cuts the shots into windows, and the holes into crop boxes."""

    lane: ClassVar[Lane] = "plan"

    def __call__(self, reader: Reader, masks: Masks, timeline: Timeline) -> Plan:
        info = reader.info
        frame_bytes = info.format.frame_bytes(info.height, info.width)
        large = halvings(info.width, info.height, LONGEST) > 0
        windows = make_windows(
            timeline.shots, masks, info.width, info.height, frame_bytes, self, timeline.motion, large
        )
        return Plan(timeline.pts, timeline.time_base, timeline.shots, windows)
