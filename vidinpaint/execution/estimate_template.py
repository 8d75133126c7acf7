"""`estimate_template`: the template of a mark from one or several clips that show it at the same place."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.progress import Progress
from vidinpaint.core.window import Box
from vidinpaint.marks.estimated_mark import FRAMES, choose_frames
from vidinpaint.marks.estimation import estimate
from vidinpaint.marks.template_file import Place, write_template
from vidinpaint.masks.regions import Region, still_regions
from vidinpaint.masks.specs import MaskLike, mask_specs
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.mask import OpenMasks
from vidinpaint.stages.region_frames import RegionFrames
from vidinpaint.stages.scan import Scan
from vidinpaint.video.atomic_output import atomic_output, check_output
from vidinpaint.video.containers.muxing_errors import output_errors
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
        first = max(shows, key=lambda one: one.region.mask.sum() * len(one.region))
        same = [one for one in shows if _at_one_place(one, first)]
        pictures, shots = _pictures(same, first.region)
        found = estimate(pictures, first.given, shots)
        if not found.layers or found.confidence < MIN_CONFIDENCE:
            actual = "one that the frames do not tell from the background, which hardly changes"
            remedy = "Add clips with the same mark in which the background moves, or remove it with a mask."
            raise MaskError("a mark whose opacity can be estimated", actual, remedy)
        info = first.reader.info
        template, inner = found.template.trimmed()
        stored = Box(first.box.x + inner.x, first.box.y + inner.y, inner.width, inner.height)
        template, box = template.turned(info.turn), info.turn.box(stored, info.width, info.height)
        with atomic_output(path) as temporary, output_errors(path):
            write_template(temporary, template, Place(box.x, box.y, *info.shown_size))
    seen = template.alpha > template.alpha.max() / 2
    red, green, blue = np.rint(255 * template.colour[seen].mean(0)).astype(int).tolist()
    return EstimatedTemplate(
        box, float(template.alpha.max()), (red, green, blue), found.confidence, len({id(one.reader) for one in same})
    )


def _marked(reader: Reader, mask: MaskLike, progress: Progress) -> list[RegionFrames]:
    """The masks that stay at their place in a clip."""
    timeline, specs = Scan()(reader, progress), mask_specs(mask)
    detections = Detect()(reader, specs, timeline, progress)
    masks = OpenMasks()(reader, specs, timeline, detections)
    return [RegionFrames(reader, timeline, region) for region in still_regions(masks, SHORTEST)]


def _at_one_place(one: RegionFrames, other: RegionFrames) -> bool:
    """Whether both clips have the same size, and the masks overlap by half."""
    info, theirs = one.reader.info, other.reader.info
    common = one.region.box.intersection(other.region.box)
    same_size = (info.width, info.height) == (theirs.width, theirs.height)
    return same_size and common is not None and 2 * common.area > max(one.region.box.area, other.region.box.area)


def _pictures(shows: Sequence[RegionFrames], region: Region) -> tuple[np.ndarray, np.ndarray]:
    """float32 (n, h, w, 3), frames of all clips at the place of a region, and int (n,), the shot that each is of."""
    pictures: list[np.ndarray] = []
    shots: list[int] = []
    for one in shows:
        frames = replace(one, region=replace(one.region, box=region.box, mask=region.mask))
        chosen = choose_frames(frames.shots, len(frames.region), max(1, FRAMES // len(shows)))
        pictures.append(frames.read(chosen))
        first = shots[-1] + 1 if shots else 0
        ends = [stop for _, stop in frames.shots]
        shots += (first + np.searchsorted(ends, chosen, side="right")).tolist()
    return np.concatenate(pictures), np.array(shots)
