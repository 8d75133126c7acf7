"""Scan: reads every frame of the clip once, at low resolution."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.graph import Phase
from vidinpaint.core.progress import Progress
from vidinpaint.planning.timeline import Timeline, make_timeline
from vidinpaint.video.readers import Reader


@dataclass(frozen=True)
class Scan:
    """Reads every frame once, at low resolution, for time stamps and shots."""

    name: ClassVar[str] = "scan"
    phase: ClassVar[Phase] = "plan"

    def __call__(self, reader: Reader, progress: Progress) -> Timeline:
        progress.begin("scan", None)

        def frames() -> Iterator[tuple[int, np.ndarray]]:
            for scanned in reader.scan():
                progress.advance(1)
                yield scanned.pts, scanned.grey

        return make_timeline(frames(), reader.info.time_base)
