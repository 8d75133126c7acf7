"""`differences`: compares all that a clip and its result hold beside pictures and sound, and names what is not kept."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition, Stream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.containers.choice import other_streams
from vidinpaint.video.containers.copying import Span, describe, kept_metadata, shifted_chapters
from vidinpaint.video.containers.frame_side_data import ARRANGEMENT, named_side_data
from vidinpaint.video.containers.kinds import container_kind
from vidinpaint.video.containers.stream_header import NAMES, side_data_boxes
from vidinpaint.video.containers.timecode import is_timecode, moved, time_code_offset
from vidinpaint.video.files.decoder import Decoder
from vidinpaint.video.files.demuxing import main_video

_AFTER = 50  # frames of the result that are searched behind the place where the source has something
_NO_LANGUAGE = "und"
_STEREO_MARK = NAMES[b"st3d"]
_STEREO_TAGS = [("stereo_mode", "left_right"), ("stereo_mode", "top_bottom"), ("stereo_mode", "mono")]
_NOT_COMPARED = re.compile(
    "handler_name|timecode|alpha_mode|filename|mimetype|"  # compared elsewhere, or of the writer
    "uid|generation_uid|.*_umid|operational_pattern_ul|company_name|product_.*|toolkit_.*|application_platform|"
    "modification_date|major_brand"  # of the program that wrote an MXF file
)


@dataclass(frozen=True)
class StreamFacts:
    """One stream: in words, its kind, its marks ("forced", "default") and its tags."""

    words: str
    kind: str
    marks: frozenset[str]
    tags: dict[str, str]


@dataclass(frozen=True)
class Inventory:
    """What a file holds.

    tags       of the file
    video      the stream that is processed
    others     the streams that are copied
    chapters   (start, end, title), times in seconds
    side_data  what the side data of the video means, and the index of the first frame that has it
    timecode   of the first frame, or an empty text
    """

    tags: dict[str, str]
    video: StreamFacts
    others: tuple[StreamFacts, ...]
    chapters: tuple[tuple[Fraction, Fraction, str], ...]
    side_data: dict[str, int]
    timecode: str


def take_inventory(
    path: str | Path, first: int | None = None, last: int | None = None, limit: int | None = None
) -> Inventory:
    """The inventory of a clip, or of the part whose frames have the time stamps `first` to `last`.

    limit: the number of frames whose side data is looked at; None: all
    """
    with closing(Decoder(path)) as decoder:
        container, video = decoder.container, main_video(decoder.container, path)
        base = video.time_base or Fraction(1)
        span = None if first is None or last is None else Span(first * base, last * base)
        inventory = Inventory(
            tags=_tags(container),
            video=_facts(video),
            others=tuple(_facts(stream) for stream in other_streams(container, video)),
            chapters=tuple(_chapters(container, span)),
            side_data={NAMES[kind]: 0 for kind in side_data_boxes(video)},
            timecode=_timecode(container, video, time_code_offset(video, span.start if span else None)),
        )
        frames = decoder.from_start() if first is None else decoder.from_before(first)
        with suppress(ClipError, av.FFmpegError):  # a damaged end has been reported by others
            shown = ((pts, frame) for pts, frame in frames if first is None or pts >= first)
            for index, (pts, frame) in enumerate(islice(shown, limit)):
                if last is not None and pts > last:
                    break
                for name in named_side_data(frame):
                    inventory.side_data.setdefault(name, index)
    return inventory


def differences(before: Inventory, after: Inventory, notes: Sequence[str]) -> list[str]:
    """One line for each thing in `before` that is not in `after`; `notes` name the streams that were left out."""
    lost = [f"{name} of the video" for name in before.side_data if name not in after.side_data]
    if before.timecode != after.timecode:
        lost.append(f"time code {before.timecode}" + (f": it became {after.timecode}" if after.timecode else ""))
    video = before.video
    if _STEREO_MARK in before.side_data and _STEREO_MARK in after.side_data:  # of which the tag is another form
        tags = {key: value for key, value in video.tags.items() if (key, value) not in _STEREO_TAGS}
        video = replace(video, tags=tags)
    lost += _stream_losses(video, after.video, "video", after.tags)
    remaining = list(after.others)
    for stream in before.others:
        if any(note.startswith(f"{stream.words} is lost") for note in notes):
            continue
        found = next((other for other in remaining if other.kind == stream.kind), None)  # muxers keep the order
        if found is None:
            lost.append(stream.words)
        else:
            remaining.remove(found)
            lost += _stream_losses(stream, found, stream.words, after.tags)
    lost += [
        f"{_tag(key, value)} of the file" for key, value in before.tags.items() if not _has(after.tags, key, value)
    ]
    titles = Counter(title for *_, title in before.chapters) - Counter(title for *_, title in after.chapters)
    lost += [f"chapter {title!r}" for title in titles]
    return [f"not kept: {line}" for line in lost]


def _stream_losses(before: StreamFacts, after: StreamFacts, words: str, of_file: dict[str, str]) -> Iterator[str]:
    for mark in sorted(before.marks - after.marks):
        yield f"mark {mark!r} of {words}"
    for key, value in before.tags.items():
        if not _has(after.tags, key, value) and not _has(of_file, key, value):
            yield f"{_tag(key, value)} of {words}"


def _tag(key: str, value: str) -> str:
    return f"tag {key} ({' '.join(value.split())[:40]})"


def _has(tags: dict[str, str], key: str, value: str) -> bool:
    """Whether a tag is there; containers write numbers, such as those of a place, with another number of digits.

    Languages have two codes ("deu", "ger"), of which containers choose one.
    """
    return key in tags and (key == "language" or _plain(tags[key]) == _plain(value))


def _plain(value: str) -> str:
    return re.sub(r"\d+\.?\d*", lambda number: f"{float(number.group()):g}", value).strip()


def _facts(stream: Stream) -> StreamFacts:
    marks = frozenset(mark.name or "" for mark in Disposition if stream.disposition & mark)
    return StreamFacts(describe(stream), stream.type, marks, _tags(stream))


def _tags(holder: Stream | InputContainer) -> dict[str, str]:
    tags = {key.lower(): value for key, value in kept_metadata(holder.metadata).items()}
    return {key: value for key, value in tags.items() if not _NOT_COMPARED.fullmatch(key) and value != _NO_LANGUAGE}


def _timecode(container: InputContainer, video: Stream, seconds: Fraction) -> str:
    """The time code of the frame that is shown `seconds` after the first one."""
    rate = getattr(video, "average_rate", None) or Fraction(25)
    for holder in (video, container, *container.streams):
        for key, code in holder.metadata.items():
            if is_timecode(key):
                return (moved(code, seconds, rate) if seconds else code) or code
    return ""


def _chapters(container: InputContainer, span: Span | None) -> Iterator[tuple[Fraction, Fraction, str]]:
    for chapter in shifted_chapters(container, span):
        base = chapter["time_base"] or Fraction(1, 1000)
        yield chapter["start"] * base, chapter["end"] * base, chapter["metadata"].get("title", "")


def compared(source: Path, output: Path, notes: Sequence[str], pts: np.ndarray | None = None) -> list[str]:
    """`differences` between a source and its result, of which pts int64 (T,) are the frames; None: the whole source."""
    part = () if pts is None else (int(pts[0]), int(pts[-1]))
    before = take_inventory(source, *part)
    if container_kind(output).name == "mp4":  # FFmpeg writes two boxes, and reads the one that lacks the arrangement
        shown = {name: at for name, at in before.side_data.items() if not name.startswith(ARRANGEMENT)}
        before = replace(before, side_data=shown)
    limit = max(before.side_data.values(), default=0) + _AFTER
    return differences(before, take_inventory(output, limit=limit), notes)
