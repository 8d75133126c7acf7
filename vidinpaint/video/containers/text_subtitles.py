"""Subtitles of text in another container: MP4, Matroska and WebM hold the same lines in codecs of their own.

Text and times are kept; italics, colours and places on the screen are not.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from vidinpaint.video.containers.languages import with_known_language
from vidinpaint.video.containers.stream_header import inserted

_CODECS = {"mp4": "mov_text", "mov": "mov_text", "matroska": "subrip", "webm": "webvtt"}
_TAGS = re.compile(r"</?[a-zA-Z][^>]*>|\{\\[^}]*\}")
_DIALOGUE_FIELDS = 8  # in front of the text of a line in ASS
_MOV_TEXT_HEADER = (  # ETSI TS 126 245: at the bottom, in the middle, white, 18 pixels, one font
    bytes([0, 0, 0, 0, 1, 0xFF, *bytes(12)])
    + struct.pack(">3H2B4B", 0, 0, 1, 0, 18, 255, 255, 255, 255)
    + struct.pack(">I4sHHB5s", 18, b"ftab", 1, 1, 5, b"Serif")
)


def text_codec(stream: Stream, format: str) -> str | None:
    """The codec as which a container of this format holds the text of a stream; None for other streams and formats."""
    codec = _name(stream)
    return _CODECS.get(format) if codec in {"subrip", "webvtt", "mov_text", "ass", "text"} else None


def add_text(output: OutputContainer, source: Stream, tags: dict[str, str]) -> Stream:
    """Add a stream for `with_converted` packets of `source`; tags: those to give it."""
    codec = _CODECS[output.format.name]
    if codec == "mov_text":
        with _empty_mov_text() as template:
            stream = output.add_stream_from_template(template.streams[0], opaque=True)
    else:
        stream = output.add_mux_stream(codec)
    stream.time_base = source.time_base
    stream.metadata.update(with_known_language(tags, output.format.name))
    stream.disposition = source.disposition
    return stream


def with_converted(packets: Iterator[av.Packet], codecs: Mapping[Stream, str]) -> Iterator[av.Packet]:
    """The packets, those of the streams in `codecs` as text for that codec; none without text."""
    for packet in packets:
        codec = codecs.get(packet.stream)
        text = _text(_name(packet.stream), bytes(packet)) if codec else ""
        if not codec:
            yield packet
        elif text:
            data = text.encode()
            result = av.Packet(struct.pack(">H", len(data)) + data if codec == "mov_text" else data)
            result.stream, result.time_base, result.duration = packet.stream, packet.time_base, packet.duration
            result.pts = result.dts = packet.pts
            yield result


def _name(stream: Stream) -> str:
    return stream.codec_context.codec.canonical_name if stream.codec_context else ""


def _text(codec: str, data: bytes) -> str:
    if codec == "mov_text":
        data = data[2 : 2 + int.from_bytes(data[:2], "big")]
    text = data.decode("utf-8", "replace")
    if codec == "ass":
        text = text.split(",", _DIALOGUE_FIELDS)[-1].replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return _TAGS.sub("", text).strip()


def _empty_mov_text() -> InputContainer:
    """An open file in memory whose only stream has the header that players expect, which FFmpeg's muxer leaves out."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_mux_stream("mov_text")
        stream.metadata["language"] = "und"
        packet = av.Packet(bytes(2))
        packet.stream, packet.pts, packet.dts, packet.duration = stream, 0, 0, 1
        container.mux_one(packet)
    return av.open(BytesIO(inserted(file.getvalue(), _MOV_TEXT_HEADER, in_front=True)), "r")
