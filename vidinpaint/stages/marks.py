"""EstimateMarks and MaskMarks: which parts of the masks are marks, how they blend, and which pixels they change."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from vidinpaint.core.graph import Phase
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detections
from vidinpaint.marks.estimated_mark import choose_frames, estimate_mark
from vidinpaint.marks.known_mark import place_mark
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.remaining_outline import outline_left
from vidinpaint.marks.template import Template
from vidinpaint.marks.template_file import read_template
from vidinpaint.masks.masks import Masks
from vidinpaint.masks.regions import Region, replaced, still_regions
from vidinpaint.numerics.morphology import bounding_box
from vidinpaint.planning.timeline import Timeline
from vidinpaint.stages.region_frames import RegionFrames
from vidinpaint.video.readers import Reader

BOX_FILL = 0.9  # of the rectangle around a mask: one that fills more is a box, also with rounded corners

MAX_OUTLINE = 1.12
"""Most of `outline_left`: 12 imposed marks of one shape had .09 to 1.05; an animated icon 1.32, and two real marks with
shadows that the estimate did not understand 1.16 and 1.25."""
OUTLINE_FRAMES = 12  # on which that is measured


@dataclass(frozen=True)
class EstimateMarks(Settings):
    """Estimates the opacity and the colour of the marks under masks that stay at their place."""

    template: str = setting("", "An RGBA image of the mark, as `vidinpaint mark estimate` writes it; empty: none.")
    shortest: int = setting(
        12, "Masks that stay at their place for fewer frames are not taken to be marks.", low=2, unit="frames"
    )
    name: ClassVar[str] = "marks"
    phase: ClassVar[Phase] = "plan"

    def __call__(
        self, reader: Reader, given_masks: Masks, detections: Detections, timeline: Timeline, progress: Progress
    ) -> Marks:
        info, known = reader.info, None
        if self.template:
            known = read_template(Path(self.template)).template.turned(info.turn.inverse())
        regions = [
            region
            for region in still_regions(given_masks, self.shortest)
            if not _is_text(region.start, region.stop, info.turn.box(region.box, info.width, info.height), detections)
        ]
        progress.begin("estimate marks", len(regions), "mark")
        placed = []
        with reader.reopen() as own_reader:
            for region in regions:
                frames = RegionFrames(own_reader, timeline, region)
                mark = (_place(frames, known) if known else None) or _estimate(frames)
                placed += [mark] if mark else []
                progress.advance(1)
        return Marks(tuple(placed))


def _is_text(start: int, stop: int, box: Box, detections: Detections) -> bool:
    """Whether text was found in a box, as players show it: text is opaque, and its masks are exact.

    Text that was also found as a mark, such as the name of a site, is a mark.
    """
    found = [one for one in detections.all if one.start < stop and start < one.stop and one.box.overlaps(box)]
    return {one.kind for one in found} == {"text"}


def _estimate(frames: RegionFrames) -> PlacedMark | None:
    """The mark as its frames show it; None if it is not told from the background, or changes its shape."""
    shots, length = frames.shots, len(frames.region)
    found = estimate_mark(frames.read, frames.given, shots, length)
    if found.box is None:
        return None
    chosen = choose_frames(shots, length, OUTLINE_FRAMES)
    if outline_left(frames.read(chosen), found.template, found.support, found.opacity[chosen]) > MAX_OUTLINE:
        return None
    return _placed(frames, found.template, found.support, found.opacity, found.confidence)


def _place(frames: RegionFrames, known: Template) -> PlacedMark | None:
    """A known mark, if it is there."""
    found = place_mark(frames.read, known, frames.shots, len(frames.region))
    if found is None:
        return None
    return _placed(frames, found.template, found.support & frames.given, found.opacity, 1.0, True)


def _placed(
    frames: RegionFrames,
    template: Template,
    support: np.ndarray,
    strength: np.ndarray,
    confidence: float,
    known: bool = False,
) -> PlacedMark:
    region, box = frames.region, frames.box
    times = region.start, region.stop
    return PlacedMark(template, support, frames.given, box.x, box.y, *times, strength, confidence, known)


@dataclass(frozen=True)
class MaskMarks:
    """Masks that hold of a mark in a box only the pixels that it changes; masks drawn or found stay whole."""

    name: ClassVar[str] = "mask_marks"
    phase: ClassVar[Phase] = "plan"

    def __call__(self, given_masks: Masks, marks: Marks) -> Masks:
        pairs = [
            (
                Region(mark.box, mark.start, mark.stop, mark.given),
                Region(mark.box, mark.start, mark.stop, mark.support & mark.given),
            )
            for mark in marks.placed
            if _is_box(mark.given)
        ]
        return replaced(given_masks, pairs)


def _is_box(mask: np.ndarray) -> bool:
    """Whether a mask is a rough one: it fills the rectangle around it."""
    box = bounding_box(mask)
    return box is not None and bool(mask.sum() >= BOX_FILL * box.area)
