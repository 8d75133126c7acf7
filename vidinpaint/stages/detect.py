"""Detect: lets the masks that look at the clip search it, once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from vidinpaint.core.graph import Phase
from vidinpaint.core.progress import Progress
from vidinpaint.detection.detection import Detection, Detections
from vidinpaint.detection.footage import Footage
from vidinpaint.masks.layers import source_of
from vidinpaint.masks.sources.interface import DetectingSource
from vidinpaint.masks.specs import MaskSpec
from vidinpaint.masks.timing import frames_between
from vidinpaint.planning.timeline import Timeline
from vidinpaint.video.footage import open_footage
from vidinpaint.video.readers import Reader


@dataclass(frozen=True)
class Detect:
    """Searches the clip for what masks such as `text` and `mark` name."""

    name: ClassVar[str] = "detect"
    phase: ClassVar[Phase] = "plan"

    def __call__(
        self, reader: Reader, mask_specs: Sequence[MaskSpec], timeline: Timeline, progress: Progress
    ) -> Detections:
        sources = [source_of(spec) for spec in mask_specs]
        if not any(isinstance(source, DetectingSource) for source in sources):
            return Detections((None,) * len(sources))
        zero = reader.locate(timeline.pts).zero
        with reader.reopen() as own_reader:
            footage = open_footage(own_reader, timeline.pts, timeline.shots, progress.advance)
            found: list[tuple[Detection, ...] | None] = []
            for spec, source in zip(mask_specs, sources):
                if not isinstance(source, DetectingSource):
                    found.append(None)
                    continue
                progress.begin(f"find {spec.kind}", None)
                start, stop = frames_between(spec.start, spec.stop, timeline.pts, timeline.time_base, zero)
                found.append(_search(source, footage, start, stop))
        return Detections(tuple(found))


def _search(source: DetectingSource, footage: Footage, start: int, stop: int) -> tuple[Detection, ...]:
    """What a source finds in the frames start:stop, by their numbers in the whole footage."""
    if start >= stop:
        return ()
    found = source.detect(footage.cut(start, stop))
    return tuple(replace(one, start=one.start + start, stop=one.stop + start) for one in found)
