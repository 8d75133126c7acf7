"""`differences`: compares all that a clip and its result hold beside pictures and sound, and names what is not kept."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition, Stream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.container_choice import other_streams
from vidinpaint.video.copying import Span, describe, kept_metadata, shifted_chapters
from vidinpaint.video.decoder import Decoder
from vidinpaint.video.demuxing import main_video
from vidinpaint.video.frame_side_data import named_side_data
from vidinpaint.video.stream_header import NAMES, side_data_boxes
from vidinpaint.video.timecode import time_code_offset, with_moved_code

_AFTER = 50  # frames of the result that are searched behind the place where the source has something
_WRITTEN_BY_MUXERS = {"language", "handler_name", "alpha_mode", "filename", "mimetype"}
"""Tags that are compared in another way, or whose loss nobody can notice."""


@dataclass(frozen=True)
class StreamFacts:
    """One stream: in words, its codec, its marks ("forced", "default") and its tags."""

    words: str
    kind: str
    codec: str
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
    """

    tags: dict[str, str]
    video: StreamFacts
    others: tuple[StreamFacts, ...]
    chapters: tuple[tuple[Fraction, Fraction, str], ...]
    side_data: dict[str, int]


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
        moved = (time_code_offset(video, span and span.start), video.average_rate or Fraction(25))
        inventory = Inventory(
            tags=_tags(container, *moved),
            video=_facts(video, *moved),
            others=tuple(_facts(stream, *moved) for stream in other_streams(container, video)),
            chapters=tuple(_chapters(container, span)),
            side_data={NAMES[kind]: 0 for kind in side_data_boxes(video)},
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


def differences(before: Inventory, after: Inventory, notes: Sequence[str], format: str) -> list[str]:
    """One line for each thing in `before` that is not in `after` and that none of the notes names already."""
    lines = [f"{name} of the video is lost" for name in before.side_data if name not in after.side_data]
    lines += _stream_differences(before.video, after.video, "video")
    remaining = list(after.others)
    for stream in before.others:
        found = next((other for other in remaining if (other.kind, other.codec) == (stream.kind, stream.codec)), None)
        if found is not None:
            remaining.remove(found)
            lines += _stream_differences(stream, found, stream.words)
        elif not any(stream.words in note for note in notes):
            lines.append(f"{stream.words} is lost")
    lines += [f"tag {key} ({value[:40]}) of the file is lost" for key, value in _missing(before.tags, after.tags)]
    if len(before.chapters) != len(after.chapters):
        lines.append(f"{len(before.chapters)} chapters became {len(after.chapters)}")
    for old, new in zip(before.chapters, after.chapters):
        if old[2] != new[2]:
            lines.append(f"title of chapter {old[2]!r} became {new[2]!r}")
    return [f"{line} ({format})" for line in lines]


def _stream_differences(before: StreamFacts, after: StreamFacts, words: str) -> Iterator[str]:
    for mark in sorted(before.marks - after.marks):
        yield f"mark {mark!r} of {words} is lost"
    for key, value in _missing(before.tags, after.tags):
        yield f"tag {key} ({value[:40]}) of {words} is lost"


def _missing(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Tags whose value is nowhere in `after` under the same name, in any case of letters."""
    for key, value in before.items():
        if after.get(key) != value:
            yield key, value


def _facts(stream: Stream, seconds: Fraction, rate: Fraction) -> StreamFacts:
    context = stream.codec_context
    codec = context.codec.canonical_name if context else getattr(stream, "name", None) or ""
    marks = frozenset(mark.name or "" for mark in Disposition if stream.disposition & mark)
    return StreamFacts(describe(stream), stream.type, codec, marks, _tags(stream, seconds, rate))


def _tags(holder: Stream | InputContainer, seconds: Fraction, rate: Fraction) -> dict[str, str]:
    tags = with_moved_code(kept_metadata(holder.metadata), seconds, rate)
    return {key.lower(): value for key, value in tags.items() if key.lower() not in _WRITTEN_BY_MUXERS}


def _chapters(container: InputContainer, span: Span | None) -> Iterator[tuple[Fraction, Fraction, str]]:
    for chapter in shifted_chapters(container, span):
        base = chapter["time_base"] or Fraction(1, 1000)
        yield chapter["start"] * base, chapter["end"] * base, chapter["metadata"].get("title", "")


def compared(source: Path, output: Path, notes: Sequence[str], format: str, pts: np.ndarray | None = None) -> list[str]:
    """`differences` between a source and its result, of which pts int64 (T,) are the frames; None: the whole source."""
    part = () if pts is None else (int(pts[0]), int(pts[-1]))
    before = take_inventory(source, *part)
    limit = max(before.side_data.values(), default=0) + _AFTER
    return differences(before, take_inventory(output, limit=limit), notes, format)
