"""`mux` joins segments and the source's other streams into one file without encoding; `remux` copies all streams."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from vidinpaint.video.containers.choice import loss_note, other_streams, suffix_for_all
from vidinpaint.video.containers.copying import (
    Span,
    add_copy,
    add_cover,
    copied_packets,
    describe,
    kept_metadata,
    shifted_chapters,
)
from vidinpaint.video.containers.frame_boxes import frame_boxes
from vidinpaint.video.containers.kinds import container_kind
from vidinpaint.video.containers.languages import with_known_language
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.containers.opacity import TAG, has_opacity
from vidinpaint.video.containers.segments import index_segments, timed_packets
from vidinpaint.video.containers.stream_header import KEPT, side_data_boxes, with_boxes
from vidinpaint.video.containers.text_subtitles import add_text, text_codec, with_converted
from vidinpaint.video.containers.timecode import time_code_offset, with_moved_code
from vidinpaint.video.containers.trial import first_packets, unsupported_reason
from vidinpaint.video.files.decoder import Decoder
from vidinpaint.video.files.demuxing import decoding_errors, main_video, open_container
from vidinpaint.video.info import Tags, VideoInfo
from vidinpaint.video.time_stamps.rising import RisingStamps, straightened
from vidinpaint.video.time_stamps.survey import read_clock

_log = logging.getLogger(__name__)
_MAX_REJECTED = 16  # packets at the beginning of a stream that may be damaged before it counts as unsuitable

_FOREVER = Fraction(10**9)  # seconds

AddVideo = Callable[[OutputContainer], tuple[Stream, Iterator[av.Packet]]]
"""Adds the video stream to a container; returns it, and its packets in decoding order."""


@dataclass(frozen=True)
class _Target:
    """output: the file to write; final: its final name; time_base: of the video; source, span: what is copied."""

    output: Path
    final: Path
    time_base: Fraction
    source: Path | None
    span: Span | None


class _Refused(Exception):
    """The muxer accepted a stream but not its packets."""

    def __init__(self, stream: int, reason: str) -> None:
        super().__init__(stream, reason)
        self.stream, self.reason = stream, reason


class _Rejected:
    """Counts the packets that the muxer rejects: a single one is damaged, but a stream of them does not fit."""

    def __init__(self) -> None:
        self.accepted: set[int] = set()
        self.counts: Counter[int] = Counter()
        self._reasons: dict[int, str] = {}

    def add(self, stream: Stream, reason: str) -> None:
        self.counts[stream.index] += 1
        self._reasons.setdefault(stream.index, reason)
        if self.counts[stream.index] >= _MAX_REJECTED:
            self.check()

    def check(self) -> None:
        """Raise `_Refused` for a stream of which nothing was accepted."""
        for index, reason in self._reasons.items():
            if index not in self.accepted:
                raise _Refused(index, reason)


def mux(
    segments: Sequence[Path],
    info: VideoInfo,
    tags: Tags,
    output: Path,
    final: str | Path,
    source: Path | None = None,
    is_part: bool = False,
) -> list[str]:
    """Write segments (in order) to `output` with the other streams of `source`; returns what could not be kept.

    final     the final file name, whose suffix selects the container; `output` may be a temporary name
    tags      colour tags of the encoded frames
    is_part   the segments are a part of the source: copy only what overlaps it, and start at 0
    Memory grows by 24 bytes per frame only. Raises `OutputError`, and `ClipError` while reading.
    """
    with output_errors(final):
        index = index_segments(segments, info.time_base)
    shown = np.sort(np.concatenate(index))
    step = max(1, round(1 / (info.rate * info.time_base)))
    shift = first_stamp(shown, is_part)
    span = None
    if is_part:
        span = Span(shown[0] * info.time_base, (int(shown[-1]) + step) * info.time_base)
    elif shift:
        span = Span(shift * info.time_base, _FOREVER)

    def add_video(container: OutputContainer) -> tuple[Stream, Iterator[av.Packet]]:
        stream = _add_encoded(container, segments[0], source)
        _tag_video(stream, info, tags)
        if _has_opacity(segments[0]):
            stream.metadata[TAG] = "1"
        if container_kind(final).is_mov and stream.codec_context.name in ("hevc", "libx265"):
            stream.codec_context.codec_tag = "hvc1"  # the only tag that Apple's players accept
        return stream, timed_packets(segments, index, info.time_base, step, shift)

    return _write(_Target(output, Path(final), info.time_base, source, span), add_video)


def first_stamp(shown: np.ndarray, is_part: bool) -> int:
    """The time stamp that becomes 0 in the result: the first of a part; none but a negative one of a whole clip.

    shown: int64 (T,), increasing
    """
    return int(shown[0]) if is_part else min(0, int(shown[0]))


def remux(source: str | Path, output: Path, final: str | Path) -> list[str]:
    """Copy every stream of `source`, video included, to `output`; returns what could not be kept."""
    with closing(open_container(source)) as container:
        video_stream = main_video(container, source)
        base = video_stream.time_base
        assert base is not None

        def add_video(target: OutputContainer) -> tuple[Stream, Iterator[av.Packet]]:
            packets = read_clock(source).packets(container, [video_stream])
            return add_copy(target, video_stream), (packet for packet in straightened(packets) if packet.size)

        return _write(_Target(output, Path(final), base, Path(source), None), add_video)


def can_copy_video(source: str | Path, output: str | Path) -> bool:
    """Whether the container of `output`, chosen by its suffix, can hold the video stream of `source` as it is."""
    if read_clock(source).in_decoding_order:
        return False  # there is no telling when a packet is shown without decoding it
    with closing(open_container(source)) as container:
        video = main_video(container, source)
        packet = first_packets(source).get(video.index)
        return unsupported_reason(video, container_kind(output).name, packet) is None


def _add_encoded(container: OutputContainer, segment: Path, source: Path | None) -> VideoStream:
    """A stream for the packets of `segment`, with the side data of the source's stream that stays true for them."""
    with ExitStack() as stack:
        first = stack.enter_context(av.open(str(segment)))
        template, boxes = first.streams.video[0], _kept_boxes(source)
        extended = with_boxes(segment, boxes) if boxes else None
        if extended is None:
            return container.add_stream_from_template(template)
        stream = container.add_stream_from_template(stack.enter_context(extended).streams.video[0])
        stream.codec_context.extradata = template.codec_context.extradata  # as the packets of segments need it
        return stream


def _kept_boxes(source: Path | None) -> dict[bytes, bytes]:
    if source is None:
        return {}
    with closing(Decoder(source)) as decoder:
        boxes = side_data_boxes(decoder.stream)
        for _, frame in islice(decoder.from_start(), 1):
            boxes = frame_boxes(frame) | boxes
    return {kind: box for kind, box in boxes.items() if kind in KEPT}


def _has_opacity(segment: Path) -> bool:
    """Whether the packets of a segment have a second picture with the opacity."""
    with av.open(str(segment)) as container:
        return has_opacity(next(container.demux(video=0)))


def _tag_video(stream: VideoStream, info: VideoInfo, tags: Tags) -> None:
    """Set what the codec's own header may not contain (FFV1 has no colour tags)."""
    context = stream.codec_context
    context.sample_aspect_ratio = info.sample_aspect
    context.color_range, context.color_primaries = tags.range, tags.primaries
    context.color_trc, context.colorspace = tags.transfer, tags.matrix
    context.framerate = info.rate
    if info.display_matrix:
        stream.set_display_matrix(info.display_matrix)
    stream.time_base = info.time_base


def _write(target: _Target, add_video: AddVideo) -> list[str]:
    """Write with all streams that the container accepts; repeat without a stream whose packets it rejects."""
    refused: dict[int, str] = {}
    while True:
        try:
            return _write_once(target, add_video, refused)
        except _Refused as error:
            _log.info("stream %d left out: %s", error.stream, error.reason)
            refused[error.stream] = error.reason


def _write_once(target: _Target, add_video: AddVideo, refused: dict[int, str]) -> list[str]:
    format = container_kind(target.final)
    with ExitStack() as stack:
        source = None if target.source is None else stack.enter_context(closing(open_container(target.source)))
        keys = set(source.metadata) if source else set()
        stack.enter_context(output_errors(target.final))
        options = format.options(target.time_base, keys)
        container = stack.enter_context(av.open(str(target.output), "w", format=format.name, container_options=options))
        video_stream, video = add_video(container)
        copies: dict[Stream, Stream] = {}
        texts: dict[Stream, str] = {}
        notes: list[str] = []
        if source:
            _copy_metadata(source, video_stream, container, target)
            copies, texts, notes = _add_copies(source, container, target, refused)
        container.start_encoding()
        clock = read_clock(target.source) if target.source else None
        copied = copied_packets(source, clock, list(copies), target.span) if source and clock else iter(())
        copied = with_converted(copied, texts)
        rising = RisingStamps(container.format.flags)
        rejected = _Rejected()
        _interleave(container, video_stream, video, copies, copied, target, rising, rejected)
        notes += [
            f"{describe(stream)}: packets with a missing or repeated time stamp, moved behind those before: {count}"
            for stream, copy in copies.items()
            if (count := rising.moved.get(copy.index))
        ]
        notes += [
            f"{describe(stream)}: damaged packets that {format.name} does not take, left out: {count}"
            for stream in copies
            if (count := rejected.counts[stream.index])
        ]
        _close(container, copies)
    return notes


def _close(container: OutputContainer, copies: dict[Stream, Stream]) -> None:
    """Write the end of the file; if that fails, data streams of unknown kinds are the cause."""
    try:
        container.close()
    except (av.InvalidDataError, av.ArgumentError) as error:
        for stream in copies:
            if stream.type == "data":
                raise _Refused(stream.index, str(error.strerror)) from error
        raise


def _copy_metadata(source: InputContainer, video_stream: Stream, container: OutputContainer, target: _Target) -> None:
    original = main_video(source, target.source or "")
    offset, rate = (
        time_code_offset(original, target.span.start if target.span else None),
        original.average_rate or Fraction(25),
    )
    container.metadata.update(with_moved_code(kept_metadata(source.metadata), offset, rate))
    container.set_chapters(shifted_chapters(source, target.span))
    tags = with_known_language(with_moved_code(kept_metadata(original.metadata), offset, rate), container.format.name)
    video_stream.metadata.update({key: value for key, value in tags.items() if key.lower() != TAG})
    video_stream.disposition = original.disposition


def _add_copies(
    source: InputContainer, container: OutputContainer, target: _Target, refused: dict[int, str]
) -> tuple[dict[Stream, Stream], dict[Stream, str], list[str]]:
    """Output streams by source stream, the codecs of subtitles that are converted, and one line for each change."""
    kind, streams = container_kind(target.final), other_streams(source, main_video(source, target.source or ""))
    packets = first_packets(target.source) if target.source and streams else {}
    copies, texts, reasons = {}, {}, {}
    notes: list[str] = []
    for stream in streams:
        reason = refused.get(stream.index) or unsupported_reason(stream, kind.name, packets.get(stream.index))
        if stream.disposition & Disposition.attached_pic and kind.name == "matroska" and stream.index in packets:
            add_cover(container, stream, packets[stream.index])
        elif reason is None:
            copies[stream] = add_copy(container, stream)
        elif codec := text_codec(stream, kind.name):
            copies[stream], texts[stream] = add_text(container, stream, kept_metadata(stream.metadata)), codec
            notes.append(f"{describe(stream)} became {codec}, as {kind.name} has no place for it: text without styles")
        else:
            reasons[stream] = reason
    fitting = suffix_for_all(streams, packets) if reasons else ""
    notes += [loss_note(stream, source, kind, reason, fitting) for stream, reason in reasons.items()]
    return copies, texts, notes


def _interleave(
    container: OutputContainer,
    video_stream: Stream,
    video: Iterator[av.Packet],
    copies: dict[Stream, Stream],
    copied: Iterator[av.Packet],
    target: _Target,
    rising: RisingStamps,
    rejected: _Rejected,
) -> None:
    """Write video packets and copied packets in the order of their times.

    FFmpeg holds packets back and writes them with later ones, so an error at a video packet is that of a copied one.
    """
    origin: Stream | None = None
    video_packet = next(video, None)
    with decoding_errors(target.source or "", "Repair the file, or take a part of it with --end."):
        copied_packet = next(copied, None)
    while video_packet is not None or copied_packet is not None:
        if copied_packet is None or (video_packet is not None and _time(video_packet) <= _time(copied_packet)):
            assert video_packet is not None
            video_packet.stream = video_stream
            rising(video_packet, video_stream)
            try:
                container.mux_one(video_packet)
            except (av.InvalidDataError, av.ArgumentError) as error:
                if origin is None:
                    raise
                rejected.add(origin, str(error.strerror))
            video_packet = next(video, None)
            continue
        origin = copied_packet.stream
        copied_packet.stream = copies[origin]
        rising(copied_packet, copies[origin])
        try:
            container.mux_one(copied_packet)
        except (av.InvalidDataError, av.ArgumentError, ValueError) as error:
            reason = str(getattr(error, "strerror", None) or error)
            rejected.add(origin, reason)
        else:
            rejected.accepted.add(origin.index)
        copied_packet = next(copied, None)
    rejected.check()


def _time(packet: av.Packet) -> Fraction:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return Fraction(0) if stamp is None else stamp * packet.time_base
