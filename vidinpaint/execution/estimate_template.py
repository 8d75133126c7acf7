"""`estimate_template`: the template of a mark from one or several clips that show it at the same place."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.progress import Progress
from vidinpaint.core.window import Box
from vidinpaint.marks.estimated_mark import FRAMES, MARGIN, choose_frames
from vidinpaint.marks.estimation import estimate
from vidinpaint.marks.template import Template
from vidinpaint.marks.template_file import Place, write_template
from vidinpaint.masks.regions import Region, still_regions
from vidinpaint.masks.specs import MaskLike, mask_specs
from vidinpaint.planning.timeline import Timeline
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.mask import OpenMasks
from vidinpaint.stages.scan import Scan
from vidinpaint.video.atomic_output import check_output, publish, temporary_folder
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.footage import open_footage
from vidinpaint.video.readers import Reader, open_reader

SHORTEST = 12  # frames of a mask that is taken to be a mark
MIN_CONFIDENCE = 0.1
"""Confidence below which an interpolation tells more than un-blending: such templates are not worth keeping."""


@dataclass(frozen=True)
class EstimatedTemplate:
    """What was estimated, and how well.

    box         the mark's place in the frames, as players show them
    opacity     the largest one, 0 to 1
    colour      its mean RGB, 0 to 255
    confidence  0 to 1: near 0 where the background hardly changes, so that nothing tells how opaque the mark is
    clips       number of clips that were used; those of another size, or without the mark, were not
    """

    box: Box
    opacity: float
    colour: tuple[int, int, int]
    confidence: float
    clips: int

    def summary(self) -> str:
        """One line."""
        place = f"{self.box.x},{self.box.y},{self.box.width},{self.box.height}"
        colour = ",".join(map(str, self.colour))
        count = f"{self.clips} clip{'s' * (self.clips != 1)}"
        return f"mark {place}  opacity {self.opacity:.2f}  colour {colour}  confidence {self.confidence:.2f}  {count}"


def estimate_template(
    clips: Sequence[str | Path],
    output: str | Path,
    mask: MaskLike,
    *,
    overwrite: bool,
    strict: bool,
    progress: Progress,
) -> EstimatedTemplate:
    """See `vidinpaint.api.estimate_mark`."""
    path = Path(output)
    check_output(path, "", overwrite)
    with ExitStack() as stack:
        readers = [stack.enter_context(open_reader(clip, strict=strict)) for clip in clips]
        try:
            shows = [one for reader in readers for one in _marked(reader, mask, progress)]
        finally:
            progress.end()
        if not shows:
            remedy = "Give --mask, a box around it or an image of its shape."
            raise MaskError("a mark that stays at its place for a while", "none in these clips", remedy)
        first = max(shows, key=lambda one: one.region.mask.sum() * (one.region.stop - one.region.start))
        same = [one for one in shows if one.at_place_of(first)]
        frames, shots = _frames(same, first.box)
        found = estimate(frames, first.given, shots)
        if not found.layers or found.confidence < MIN_CONFIDENCE:
            actual = "one that the frames do not tell from the background, which hardly changes"
            remedy = "Add clips with the same mark in which the background moves, or remove it with a mask."
            raise MaskError("a mark whose opacity can be estimated", actual, remedy)
        template, box = found.template.trimmed()
        width, height = first.reader.info.width, first.reader.info.height
        place = Place(first.box.x + box.x, first.box.y + box.y, width, height)
        _write(path, template, place)
    seen = template.alpha > template.alpha.max() / 2
    red, green, blue = np.rint(255 * template.colour[seen].mean(0)).astype(int).tolist()
    return EstimatedTemplate(
        Box(place.x, place.y, box.width, box.height), float(template.alpha.max()), (red, green, blue),
        found.confidence, len({id(one.reader) for one in same}),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Shown:
    """A mask that stays at its place in a clip, and the clip."""

    reader: Reader
    timeline: Timeline
    region: Region

    @property
    def box(self) -> Box:
        """The region with some background around it."""
        return self.region.box.expanded(MARGIN, MARGIN, self.reader.info.width, self.reader.info.height)

    @property
    def given(self) -> np.ndarray:
        """bool (h, w): the mask in the box."""
        given, (box, own) = np.zeros((self.box.height, self.box.width), bool), (self.box, self.region.box)
        given[Box(own.x - box.x, own.y - box.y, own.width, own.height).slices] = self.region.mask
        return given

    def at_place_of(self, other: "_Shown") -> bool:
        """Whether both clips have the same size, and the masks overlap by half."""
        info, theirs = self.reader.info, other.reader.info
        common = self.region.box.intersection(other.region.box)
        same_size = (info.width, info.height) == (theirs.width, theirs.height)
        return same_size and common is not None and 2 * common.area > max(self.region.box.area, other.region.box.area)


def _marked(reader: Reader, mask: MaskLike, progress: Progress) -> list[_Shown]:
    timeline, specs = Scan()(reader, progress), mask_specs(mask)
    detections = Detect()(reader, specs, timeline, progress)
    masks = OpenMasks()(reader, specs, timeline, detections)
    return [_Shown(reader, timeline, region) for region in still_regions(masks, SHORTEST)]


def _frames(shows: Sequence[_Shown], box: Box) -> tuple[np.ndarray, np.ndarray]:
    """float32 (n, h, w, 3), frames of all clips with the mark, and int (n,), the shot that each is of."""
    pictures: list[np.ndarray] = []
    shots: list[int] = []
    for one in shows:
        start, stop = one.region.start, one.region.stop
        ranges = [(max(start, first) - start, min(stop, last) - start) for first, last in one.timeline.shots]
        inner = tuple((first, last) for first, last in ranges if first < last)
        footage = open_footage(one.reader, one.timeline.pts, one.timeline.shots, lambda _: None)
        base = shots[-1] + 1 if shots else 0
        for number in choose_frames(inner, stop - start, max(1, FRAMES // len(shows))):
            pictures.append(footage.rgb(start + number, start + number + 1)[0][box.slices])
            shots.append(base + next(k for k, (_, last) in enumerate(inner) if number < last))
    return np.stack(pictures).astype(np.float32) / 255, np.array(shots)


def _write(path: Path, template: Template, place: Place) -> None:
    folder = temporary_folder(path)
    try:
        with output_errors(path):
            write_template(folder / "mark.png", template, place)
        publish(folder / "mark.png", path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
