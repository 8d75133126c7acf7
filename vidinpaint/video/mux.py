"""`mux`: segments and the source's other streams to one file, nothing encoded again. `remux`: a copy of everything."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from vidinpaint.video.containers import container_kind
from vidinpaint.video.copying import (
    Span,
    add_copy,
    copied_packets,
    describe,
    kept_metadata,
    moved_chapters,
    refusal,
)
from vidinpaint.video.demuxing import decoding_errors, main_video, open_container
from vidinpaint.video.info import Tags, VideoInfo
from vidinpaint.video.muxing_errors import output_errors
from vidinpaint.video.segments import index_segments, timed_packets

_log = logging.getLogger(__name__)


AddVideo = Callable[[OutputContainer], tuple[Stream, Iterator[av.Packet]]]


@dataclass(frozen=True)
class _Job:
    """output: the file to write; kind: the name it gets in the end; time_base: of the pictures."""

    output: Path
    kind: Path
    time_base: Fraction
    source: Path | None
    span: Span | None


class _Refused(Exception):
    """A muxer took a stream but not its packets."""

    def __init__(self, stream: int, reason: str) -> None:
        super().__init__(stream, reason)
        self.stream, self.reason = stream, reason


def mux(
    segments: Sequence[Path],
    info: VideoInfo,
    tags: Tags,
    output: Path,
    kind: str | Path,
    source: Path | None = None,
    cut: bool = False,
) -> list[str]:
    """Write segments (in order) to `output` with the other streams of `source`; returns what could not be kept.

    kind    the final file name, whose ending says which container; `output` may be a temporary name
    tags    colour tags of the encoded pictures
    cut     the segments are a part of the source: keep of the rest what overlaps it, and start at 0
    Memory does not grow with the clip but for 24 bytes a frame. Raises `OutputError`, and `ClipError` while reading.
    """
    with output_errors(kind):
        index = index_segments(segments, info.time_base)
    shown = np.sort(np.concatenate(index))
    step = max(1, round(1 / (info.rate * info.time_base)))
    shift = int(shown[0]) if cut else 0
    span = Span(shown[0] * info.time_base, (int(shown[-1]) + step) * info.time_base) if cut else None

    def add_video(container: OutputContainer) -> tuple[Stream, Iterator[av.Packet]]:
        with av.open(str(segments[0])) as first:
            stream = container.add_stream_from_template(first.streams.video[0])
        _describe_pictures(stream, info, tags)
        if container_kind(kind).is_mov and stream.codec_context.name in ("hevc", "libx265"):
            stream.codec_context.codec_tag = "hvc1"  # Apple's players know no other
        return stream, timed_packets(segments, index, info.time_base, step, shift)

    return _write(_Job(output, Path(kind), info.time_base, source, span), add_video)


def remux(source: str | Path, output: Path, kind: str | Path) -> list[str]:
    """Copy every stream of `source`, pictures included, to `output`; returns what could not be kept."""
    with closing(open_container(source)) as container:
        pictures = main_video(container, source)
        base = pictures.time_base
        assert base is not None

        def add_video(target: OutputContainer) -> tuple[Stream, Iterator[av.Packet]]:
            return add_copy(target, pictures), (packet for packet in container.demux(pictures) if packet.size)

        return _write(_Job(output, Path(kind), base, Path(source), None), add_video)


def can_copy_video(source: str | Path, kind: str | Path) -> bool:
    """Whether the container of file name `kind` can hold the pictures of `source` as they are."""
    with closing(open_container(source)) as container:
        return refusal(main_video(container, source), container_kind(kind).name) is None


def _describe_pictures(stream: VideoStream, info: VideoInfo, tags: Tags) -> None:
    """Tell the container what the codec's own header may leave out (FFV1 has no colour tags)."""
    context = stream.codec_context
    context.sample_aspect_ratio = info.sample_aspect
    context.color_range, context.color_primaries = tags.range, tags.primaries
    context.color_trc, context.colorspace = tags.transfer, tags.matrix
    context.framerate = info.rate
    if info.display_matrix:
        stream.set_display_matrix(info.display_matrix)
    stream.time_base = info.time_base


def _write(job: _Job, add_video: AddVideo) -> list[str]:
    """Try with all streams that the container says it can hold, and leave out those whose packets it then refuses."""
    refused: dict[int, str] = {}
    while True:
        try:
            return _write_once(job, add_video, refused)
        except _Refused as error:
            _log.info("stream %d left out: %s", error.stream, error.reason)
            refused[error.stream] = error.reason


def _write_once(job: _Job, add_video: AddVideo, refused: dict[int, str]) -> list[str]:
    format = container_kind(job.kind)
    with ExitStack() as stack:
        source = None if job.source is None else stack.enter_context(closing(open_container(job.source)))
        keys = set(source.metadata) if source else set()
        stack.enter_context(output_errors(job.kind))
        options = format.options(job.time_base, keys)
        container = stack.enter_context(av.open(str(job.output), "w", format=format.name, container_options=options))
        pictures, video = add_video(container)
        copies: dict[Stream, Stream] = {}
        notes: list[str] = []
        if source:
            _copy_labels(source, pictures, container, job)
            copies, notes = _add_copies(source, container, format.name, job.source, refused)
        container.start_encoding()
        sound = copied_packets(source, list(copies), job.span) if source else iter(())
        _interleave(container, pictures, video, copies, sound, job)
        _close(container, copies)
    return notes


def _close(container: OutputContainer, copies: dict[Stream, Stream]) -> None:
    """Write the end of the file; where that fails with data streams of unknown kinds, they are to blame."""
    try:
        container.close()
    except (av.InvalidDataError, av.ArgumentError) as error:
        for stream in copies:
            if stream.type == "data":
                raise _Refused(stream.index, str(error.strerror)) from error
        raise


def _copy_labels(source: InputContainer, pictures: Stream, container: OutputContainer, job: _Job) -> None:
    original = main_video(source, job.source or "")
    container.metadata.update(kept_metadata(source.metadata))
    container.set_chapters(moved_chapters(source, job.span))
    pictures.metadata.update(kept_metadata(original.metadata))
    pictures.disposition = original.disposition


def _add_copies(
    source: InputContainer, container: OutputContainer, format: str, path: Path | None, refused: dict[int, str]
) -> tuple[dict[Stream, Stream], list[str]]:
    """Output streams by source stream, and one line for each that is left out."""
    copies, notes = {}, []
    pictures = main_video(source, path or "")
    for stream in source.streams:
        if stream.index == pictures.index or _written_anew(stream, source):
            continue
        reason = refused.get(stream.index) or refusal(stream, format)
        if reason is None:
            copies[stream] = add_copy(container, stream)
        else:
            notes.append(f"{format} cannot hold {describe(stream)}: left out ({reason})")
    return copies, notes


def _written_anew(stream: Stream, source: InputContainer) -> bool:
    """MP4 and MOV keep chapters and the start time code as streams too; muxers make them again from the labels."""
    if stream.type != "data":
        return False
    return (bool(source.chapters()) and stream.name == "bin_data") or "timecode" in stream.metadata


def _interleave(
    container: OutputContainer,
    pictures: Stream,
    video: Iterator[av.Packet],
    copies: dict[Stream, Stream],
    others: Iterator[av.Packet],
    job: _Job,
) -> None:
    """Write both rows of packets in the order of their times."""
    waiting = next(video, None)
    with decoding_errors(job.source or "", "Repair the file, or take a part of it with --end."):
        ahead = next(others, None)
    while waiting is not None or ahead is not None:
        if ahead is None or (waiting is not None and _time(waiting) <= _time(ahead)):
            assert waiting is not None
            waiting.stream = pictures
            container.mux_one(waiting)
            waiting = next(video, None)
            continue
        origin = ahead.stream
        ahead.stream = copies[origin]
        try:
            container.mux_one(ahead)
        except (av.InvalidDataError, av.ArgumentError, ValueError) as error:
            raise _Refused(origin.index, str(getattr(error, "strerror", None) or error)) from error
        ahead = next(others, None)


def _time(packet: av.Packet) -> Fraction:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return Fraction(0) if stamp is None else stamp * packet.time_base
