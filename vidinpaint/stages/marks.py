"""EstimateMarks and MaskMarks: which parts of the masks are marks, how they blend, and which pixels they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.graph import Phase
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detections
from vidinpaint.marks.estimated_mark import MARGIN, choose_frames, estimate_mark
from vidinpaint.marks.known_mark import place_mark
from vidinpaint.marks.opacity_over_time import Read
from vidinpaint.marks.outline import outline_left
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.template import Template
from vidinpaint.marks.template_file import read_template
from vidinpaint.masks.masks import Masks
from vidinpaint.masks.regions import Region, replaced, still_regions
from vidinpaint.planning.timeline import Timeline
from vidinpaint.video.pixels.colour import rgb_from_planes
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
        known = read_template(Path(self.template)).template if self.template else None
        if known:
            turn = reader.info.turn.inverse()
            known = Template(
                *(np.ascontiguousarray(turn(part)) for part in (known.alpha, known.colour, known.deviation))
            )
        regions = _regions(given_masks, detections, self.shortest)
        progress.begin("estimate marks", len(regions), "mark")
        placed = []
        with reader.reopen() as own_reader:
            for region in regions:
                around = _Surroundings.of(own_reader, region, timeline)
                mark = (around.place(known) if known else None) or around.estimate()
                placed += [mark] if mark else []
                progress.advance(1)
        return Marks(tuple(placed))


def _regions(masks: Masks, detections: Detections, shortest: int) -> list[Region]:
    """Parts of the masks that stay at their place, without text: that is opaque, and its masks are exact.

    Text that was also found as a mark, such as the name of a site, is a mark.
    """

    def found(kind: str, region: Region) -> bool:
        shown = [one for one in detections.all if one.start < region.stop and region.start < one.stop]
        return any(one.kind == kind and one.box.overlaps(region.box) for one in shown)

    def is_text(region: Region) -> bool:
        return found("text", region) and not found("mark", region)

    return [region for region in still_regions(masks, shortest) if not is_text(region)]


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """A region with some background around it, and how its frames are read.

    box    in stored frames
    given  bool (h, w): the mask of the region
    read   read(numbers): float32 (n, h, w, 3), frames counted from the region's first
    shots  of the region's frames, counted likewise
    """

    region: Region
    box: Box
    given: np.ndarray
    read: Read
    shots: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, reader: Reader, region: Region, timeline: Timeline) -> "_Surroundings":
        box = region.box.expanded(MARGIN, MARGIN, reader.info.width, reader.info.height)
        given = np.zeros((box.height, box.width), bool)
        given[Box(region.box.x - box.x, region.box.y - box.y, region.box.width, region.box.height).slices] = region.mask

        def read(numbers: Sequence[int]) -> np.ndarray:
            frames = [region.start + number for number in numbers]
            clips = (reader.read(timeline.pts, frame, frame + 1) for frame in frames)
            return np.concatenate([rgb_from_planes(clip, box) for clip in clips])

        shots = tuple(
            (max(start, region.start) - region.start, min(stop, region.stop) - region.start)
            for start, stop in timeline.shots
            if start < region.stop and region.start < stop
        )
        return cls(region, box, given, read, shots)

    def estimate(self) -> PlacedMark | None:
        """The mark as its frames show it; None if it is not told from the background, or changes its shape."""
        found = estimate_mark(self.read, self.given, self.shots, len(self))
        if found.box is None:
            return None
        chosen = choose_frames(self.shots, len(self), OUTLINE_FRAMES)
        frames = self.read(chosen)
        if outline_left(frames, found.template, found.support, found.opacity[chosen]) > MAX_OUTLINE:
            return None
        return self._placed(found.template, found.support, found.opacity, found.confidence)

    def place(self, known: Template) -> PlacedMark | None:
        """A known mark, if it is there."""
        found = place_mark(self.read, known, self.shots, len(self))
        return self._placed(found.template, found.support & self.given, found.opacity, 1.0, True) if found else None

    def _placed(
        self, template: Template, support: np.ndarray, strength: np.ndarray, confidence: float, known: bool = False
    ) -> PlacedMark:
        region, box = self.region, self.box
        return PlacedMark(
            template, support, self.given, box.x, box.y, region.start, region.stop, strength, confidence, known
        )

    def __len__(self) -> int:
        return self.region.stop - self.region.start


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
    _, _, width, height = cv2.boundingRect(mask.view(np.uint8))
    return bool(mask.sum() >= BOX_FILL * width * height)
