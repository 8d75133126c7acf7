"""Copies the other streams of the source packet by packet: audio, subtitles, data, attachments, cover pictures."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from av.stream import Discard, Disposition, Stream

from vidinpaint.video.containers.languages import with_known_language
from vidinpaint.video.time_stamps.clock import Clock
from vidinpaint.video.time_stamps.rising import straightened

_USUAL_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_MUXER_KEYS = {"encoder", "software", "major_brand", "minor_version", "compatible_brands", "duration", "vendor_id"}


@dataclass(frozen=True)
class Span:
    """The part of the source that is kept, in seconds of the source's clock; output times are relative to `start`."""

    start: Fraction
    end: Fraction


def add_copy(output: OutputContainer, source: Stream) -> Stream:
    """Add a stream to `output` for the packets of `source`, with the same metadata and disposition."""
    if source.type == "attachment":
        return output.add_attachment(source.name or "attachment", source.mimetype or "", source.data)  # type: ignore[attr-defined]
    stream = _add_stream(output, source)
    stream.metadata.update(with_known_language(kept_metadata(source.metadata), output.format.name))
    stream.disposition = source.disposition
    return stream


def add_cover(output: OutputContainer, source: Stream, picture: av.Packet) -> None:
    """Add a cover picture to a Matroska file, which holds it as an attachment; a stream would be a second video."""
    codec = source.codec_context.codec.canonical_name if source.codec_context else "mjpeg"
    kind = {"mjpeg": "jpeg"}.get(codec, codec)
    name = source.metadata.get("filename") or f"cover.{kind.replace('jpeg', 'jpg')}"
    output.add_attachment(name, source.metadata.get("mimetype") or f"image/{kind}", bytes(picture))


def _add_stream(output: OutputContainer, source: Stream) -> Stream:
    for opaque in (None, True):  # opaque: FFmpeg has only a decoder for it
        with suppress(av.codec.codec.UnknownCodecError, ValueError):
            return _with_layout(output.add_stream_from_template(source, opaque=opaque))
    return _add_unchecked(output, source)


def _with_layout(stream: Stream) -> Stream:
    """The stream; sound whose channels have no names gets the usual ones, without which MP4 takes no PCM."""
    if isinstance(stream, av.AudioStream):
        context = stream.codec_context
        if all(channel.name == "NONE" for channel in context.layout.channels):
            context.layout = _USUAL_LAYOUTS.get(context.channels, context.layout)
    return stream


def _add_unchecked(output: OutputContainer, source: Stream) -> Stream:
    """A stream with the parameters of `source`, of any codec: whether it fits shows when the muxer writes its header.

    PyAV asks a table of FFmpeg first, in which much is missing that the muxers write: Matroska holds every sound that
    AVI and WMV hold. A bitstream filter that changes nothing copies the parameters past the table.
    """
    if source.codec_context is not None:  # without the code that the codec has in the source's container
        scratch = av.open(BytesIO(), "w", format="mpegts")  # has no such table
        source = scratch.add_stream_from_template(source, opaque=True)
    stream = output.add_data_stream()
    BitStreamFilterContext("null", source, stream)
    stream.time_base = source.time_base
    return stream


def made_by_muxer(stream: Stream) -> bool:
    """MP4 and MOV keep chapters and the start time code as streams; muxers create them again from the metadata."""
    return stream.type == "data" and (stream.discard == Discard.all or "timecode" in stream.metadata)


def kept_metadata(metadata: dict[str, str]) -> dict[str, str]:
    """Metadata without the keys that every muxer writes itself, and without statistics of the old packets.

    MP4 reads a stream's title as "name", but writes it from "title".
    """
    if "name" in metadata:
        metadata = {"title": metadata["name"], **{key: value for key, value in metadata.items() if key != "name"}}
    return {
        key: value
        for key, value in metadata.items()
        if key.lower() not in _MUXER_KEYS and not key.upper().startswith(("_STATISTICS", "BPS", "NUMBER_OF_"))
    }


def describe(stream: Stream) -> str:
    """A stream in words, such as "subtitle stream 2 (mov_text, eng)"."""
    codec = stream.codec_context.codec.canonical_name if stream.codec_context else getattr(stream, "name", None)
    codec = codec or stream.metadata.get("handler_name")
    details = ", ".join(word for word in (codec, stream.language) if word)
    cover = "cover picture" if stream.disposition & Disposition.attached_pic else f"{stream.type} stream"
    return f"{cover} {stream.index}" + (f" ({details})" if details else "")


def copied_packets(
    source: InputContainer, clock: Clock, streams: list[Stream], span: Span | None
) -> Iterator[av.Packet]:
    """Packets of the given streams in file order; with a span, those that overlap it, with times relative to it."""
    for packet in straightened(clock.packets(source, streams)) if streams else ():
        if not packet.size and packet.dts is None:  # the demuxer's end marker
            continue
        if span is None or _shift_into(packet, span):
            yield packet


def _shift_into(packet: av.Packet, span: Span) -> bool:
    """Make the times of a packet relative to a span, in place; False if the packet lies outside the span."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or packet.stream.disposition & Disposition.attached_pic:
        return True
    start, length = stamp * packet.time_base, (packet.duration or 0) * packet.time_base
    if start >= span.end or (start + length <= span.start and start < span.start):
        return False
    shift = round(span.start / packet.time_base)
    packet.pts = stamp - shift
    packet.dts = packet.dts - shift if packet.dts is not None else None
    if packet.stream.type == "subtitle" and packet.pts < 0:  # already on screen when the span begins
        packet.duration = (packet.duration or 0) + packet.pts
        packet.pts = packet.dts = 0
    return True


def shifted_chapters(source: InputContainer, span: Span | None) -> list[Any]:
    """The source's chapters; with a span, those that overlap it, clipped to it and relative to it."""
    chapters = source.chapters()
    if span is None:
        return chapters
    shifted = []
    for chapter in chapters:
        base = chapter["time_base"] or Fraction(1, 1000)
        start = max(chapter["start"] * base, span.start) - span.start
        end = min(chapter["end"] * base, span.end) - span.start
        if start < end:
            shifted.append({**chapter, "start": round(start / base), "end": round(end / base)})
    return shifted
