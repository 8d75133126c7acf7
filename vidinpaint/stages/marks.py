"""EstimateMarks and MaskMarks: which parts of the masks are marks, how they blend, and which pixels they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.graph import Phase
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detections
from vidinpaint.marks.estimated_mark import MARGIN, estimate_mark
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.masks.masks import Masks
from vidinpaint.masks.regions import Region, replaced, still_regions
from vidinpaint.numerics.morphology import dilate
from vidinpaint.planning.timeline import Timeline
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import Reader

BOX_FILL = 0.9  # of the rectangle around a mask: one that fills more is a box, also with rounded corners
HALO = 2  # pixels around a mark over which its soft shadow and the compression reach


@dataclass(frozen=True)
class EstimateMarks(Settings):
    """Estimates the opacity and the colour of the marks under masks that stay at their place."""

    shortest: int = setting(
        12, "Masks that stay at their place for fewer frames are not taken to be marks.", low=2, unit="frames"
    )
    name: ClassVar[str] = "marks"
    phase: ClassVar[Phase] = "plan"

    def __call__(
        self, reader: Reader, given_masks: Masks, detections: Detections, timeline: Timeline, progress: Progress
    ) -> Marks:
        texts = [one for one in detections.all if one.kind == "text"]
        regions = [
            region
            for region in still_regions(given_masks, self.shortest)
            if not any(
                text.box.overlaps(region.box) and text.start < region.stop and region.start < text.stop
                for text in texts
            )
        ]
        progress.begin("estimate marks", len(regions), "mark")
        placed = []
        with reader.reopen() as own_reader:
            for region in regions:
                mark = _estimate(own_reader, region, timeline)
                placed += [mark] if mark else []
                progress.advance(1)
        return Marks(tuple(placed))


def _estimate(reader: Reader, region: Region, timeline: Timeline) -> PlacedMark | None:
    """The mark in a region; None if nothing there can be told from the background."""
    around = region.box.expanded(MARGIN, MARGIN, reader.info.width, reader.info.height)
    given = np.zeros((around.height, around.width), bool)
    given[Box(region.box.x - around.x, region.box.y - around.y, *region.mask.shape[::-1]).slices] = region.mask

    def read(numbers: Sequence[int]) -> np.ndarray:
        frames = [region.start + number for number in numbers]
        clips = (reader.read(timeline.pts, frame, frame + 1) for frame in frames)
        return np.concatenate([rgb_from_planes(clip, around) for clip in clips])

    shots = tuple(
        (max(start, region.start) - region.start, min(stop, region.stop) - region.start)
        for start, stop in timeline.shots
        if start < region.stop and region.start < stop
    )
    found = estimate_mark(read, given, shots, region.stop - region.start)
    if found.box is None:
        return None
    return PlacedMark(
        found.template, found.support, given, around.x, around.y, region.start, region.stop, found.opacity
    )


@dataclass(frozen=True)
class MaskMarks:
    """Masks that hold of a mark in a box only the pixels that it changes; masks drawn or found stay whole."""

    name: ClassVar[str] = "mask_marks"
    phase: ClassVar[Phase] = "plan"

    def __call__(self, given_masks: Masks, marks: Marks) -> Masks:
        pairs = [
            (Region(mark.box, mark.start, mark.stop, mark.given), Region(mark.box, mark.start, mark.stop, _shape(mark)))
            for mark in marks.placed
            if _is_box(mark.given)
        ]
        return replaced(given_masks, pairs)


def _is_box(mask: np.ndarray) -> bool:
    """Whether a mask is a rough one: it fills the rectangle around it."""
    _, _, width, height = cv2.boundingRect(mask.view(np.uint8))
    return bool(mask.sum() >= BOX_FILL * width * height)


def _shape(mark: PlacedMark) -> np.ndarray:
    return np.asarray(dilate(mark.support, HALO, "disc") & mark.given)
