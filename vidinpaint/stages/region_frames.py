"""`RegionFrames`: the frames of a region of the masks, with some background around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.marks.estimated_mark import MARGIN
from vidinpaint.masks.regions import Region
from vidinpaint.planning.timeline import Timeline
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import Reader


@dataclass(frozen=True, eq=False)
class RegionFrames:
    """How the frames of a region are read, as they are stored; they are counted from the region's first."""

    reader: Reader
    timeline: Timeline
    region: Region

    @property
    def box(self) -> Box:
        """The region with `MARGIN` pixels around it."""
        return self.region.box.expanded(MARGIN, MARGIN, self.reader.info.width, self.reader.info.height)

    @property
    def given(self) -> np.ndarray:
        """bool (h, w): the mask of the region, in the box."""
        given = np.zeros((self.box.height, self.box.width), bool)
        given[self.region.box.within(self.box).slices] = self.region.mask
        return given

    @property
    def shots(self) -> tuple[tuple[int, int], ...]:
        """Those of the region's frames."""
        start, stop = self.region.start, self.region.stop
        return tuple(
            (max(first, start) - start, min(last, stop) - start)
            for first, last in self.timeline.shots
            if first < stop and start < last
        )

    def read(self, numbers: Sequence[int]) -> np.ndarray:
        """float32 (n, h, w, 3) RGB in [0, 1]: some frames of the box."""
        frames = [self.region.start + number for number in numbers]
        clips = (self.reader.read(self.timeline.pts, frame, frame + 1) for frame in frames)
        return np.concatenate([rgb_from_planes(clip, self.box) for clip in clips])
