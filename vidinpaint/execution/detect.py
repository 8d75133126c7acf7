"""`detect`: searches a clip, and writes the masks that were found, their list and a contact sheet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.progress import Progress
from vidinpaint.core.report import write_text
from vidinpaint.detection.detection import Detection, draw
from vidinpaint.masks.layers import source_of
from vidinpaint.masks.sources.interface import CHUNK, DetectingSource
from vidinpaint.masks.specs import MaskSpec, parse_mask
from vidinpaint.planning.timeline import Timeline
from vidinpaint.reporting.contact_sheet import contact_sheet
from vidinpaint.reporting.detected import detection_lines, detection_list, detection_tiles
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.scan import Scan
from vidinpaint.video.atomic_output import atomic_output, check_output
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.footage import open_footage
from vidinpaint.video.mask_writer import MASK_SUFFIXES, write_mask_folder, write_mask_video
from vidinpaint.video.readers import Reader, open_reader

JPEG_QUALITY = 92


@dataclass(frozen=True)
class Found:
    """What a search has found.

    detections  in the order in which they appear
    lines       one line of text for each
    """

    detections: list[Detection]
    lines: list[str]


def detect(
    clip: str | Path,
    output: str | Path | None,
    what: str,
    *,
    start: Fraction | None,
    end: Fraction | None,
    rate: Fraction,
    overwrite: bool,
    strict: bool,
    progress: Progress,
) -> Found:
    """See `vidinpaint.api.detect`."""
    specs = detecting_specs(what)
    masks = Path(output) if output else None
    try:
        with open_reader(clip, start, end, rate, strict) as reader:
            if masks:
                _check_place(masks, reader, overwrite)
            timeline = Scan()(reader, progress)
            found = Detect()(reader, specs, timeline, progress).all
            if masks:
                progress.begin("write masks", len(timeline))
                _write(masks, reader, timeline, found, progress)
            return Found(found, detection_lines(found, _shown_times(reader, timeline)))
    finally:
        progress.end()


def detecting_specs(what: str) -> list[MaskSpec]:
    """The masks of text such as `text,mark` or `text:lower@3-12`. Raises MaskError for one that does not search."""
    names = what.split(",") if ":" not in what else [what]
    specs = [parse_mask(name.strip()) for name in names]
    for name, spec in zip(names, specs):
        if not isinstance(spec.source, DetectingSource):
            source_of(spec)
            raise MaskError("a mask that searches the clip, such as text or mark", repr(name), "Name one of these.")
    return specs


def _check_place(masks: Path, reader: Reader, overwrite: bool) -> None:
    suffix = masks.suffix.lower()
    if suffix and suffix not in MASK_SUFFIXES:
        remedy = f"Use {', '.join(MASK_SUFFIXES)}, or a name without a suffix for a folder of images."
        raise SettingError("a file for FFV1, or a folder", repr(masks.name), remedy)
    for path in (masks, *_beside(masks)):
        check_output(path, reader.info.path, overwrite)


def _beside(masks: Path) -> tuple[Path, Path]:
    """The list and the contact sheet, which lie beside the masks, so that a folder of masks holds nothing else."""
    base = masks.with_suffix("")
    return base.with_name(f"{base.name}.json"), base.with_name(f"{base.name}.jpg")


def _write(masks: Path, reader: Reader, timeline: Timeline, found: list[Detection], progress: Progress) -> None:
    width, height = reader.info.shown_size

    def drawn() -> Iterator[np.ndarray]:
        for start in range(0, len(timeline), CHUNK):
            stop = min(start + CHUNK, len(timeline))
            yield from draw(found, start, stop, height, width)
            progress.advance(stop - start)

    with atomic_output(masks) as temporary:
        if masks.suffix:
            write_mask_video(temporary, drawn(), timeline.pts, timeline.time_base)
        else:
            temporary.mkdir()
            write_mask_folder(temporary, drawn(), _frame_names(reader, timeline))
    list_file, sheet_file = _beside(masks)
    values = detection_list(found, _shown_times(reader, timeline), width, height)
    write_text(list_file, json.dumps(values, indent=1, ensure_ascii=False) + "\n")
    footage = open_footage(reader, timeline.pts, timeline.shots, lambda _: None)
    if tiles := detection_tiles(found, footage.rgb):
        sheet = cv2.cvtColor(contact_sheet(tiles), cv2.COLOR_RGB2BGR)
        with output_errors(sheet_file):
            sheet_file.write_bytes(cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes())


def _frame_names(reader: Reader, timeline: Timeline) -> list[str]:
    """Names of the mask of each frame: that of the frame's own file, or its number."""
    files: list[Path] = getattr(reader, "files", [])
    if files:
        return [files[stamp].stem for stamp in timeline.pts.tolist()]
    return [f"{number:05d}" for number in range(len(timeline))]


def _shown_times(reader: Reader, timeline: Timeline) -> list[Fraction]:
    """Seconds at which a player shows each frame, and at which the last one ends."""
    zero, pts = reader.locate(timeline.pts).zero, timeline.pts.tolist()
    last = pts[-1] - pts[-2] if len(pts) > 1 else 1 / (reader.info.rate * timeline.time_base)
    return [(stamp - zero) * timeline.time_base for stamp in [*pts, pts[-1] + last]]
