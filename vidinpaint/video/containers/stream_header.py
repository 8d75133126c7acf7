"""Side data that belongs to a whole stream (360 degree marks, mastering display, crop), as boxes of an MP4 header.

PyAV shows side data of frames only, and adds none to a stream but a display matrix. FFmpeg's MP4 muxer writes the side
data of a stream as boxes inside the sample entry, and its demuxer reads them; so a header in memory serves to see them,
and to put those of one stream into another.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from vidinpaint.video.containers.kinds import STRICTNESS

NAMES = {
    b"sv3d": "360 degree mark",
    b"st3d": "stereo mark",
    b"mdcv": "mastering display metadata",
    b"clli": "content light level",
    b"amve": "ambient viewing environment",
    b"clap": "crop of the container",
    b"dvcC": "Dolby Vision metadata",
    b"dvvC": "Dolby Vision metadata",
    b"dvwC": "Dolby Vision metadata",
}
"""What the boxes of side data mean."""
KEPT = {b"sv3d", b"st3d", b"mdcv", b"clli", b"amve", b"clap"}
"""Boxes that stay true for newly encoded frames: not those of Dolby Vision, which announce metadata in every frame."""
_PATH = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"]
_BEFORE_CHILDREN = {b"stsd": 8}
_SIZE = 24  # bytes of a visual sample entry before width and height
_COMMON = 8  # bytes at the beginning of every sample entry
_ENTRY = 78  # bytes of a visual sample entry before its boxes


def side_data_boxes(stream: Stream) -> dict[bytes, bytes]:
    """The boxes of `NAMES` that describe a video stream, by their type; none if MP4 cannot hold its codec."""
    for format in ("mp4", "mov"):
        with suppress(av.FFmpegError, ValueError):
            header = BytesIO()
            options = STRICTNESS | {"movflags": "empty_moov"}
            with av.open(header, "w", format=format, container_options=options) as container:
                container.add_stream_from_template(stream, opaque=True)
                container.start_encoding()
            data = header.getvalue()
            (*_, (_, start, end)) = _entry(data)
            found = {kind: data[at:stop] for kind, at, _, stop in _boxes(data, start + _ENTRY, end)}
            size = struct.unpack_from(">2H", data, start + _SIZE)
            return {kind: box for kind, box in found.items() if kind in NAMES and not _shows_all(box, *size)}
    return {}


def _shows_all(box: bytes, width: int, height: int) -> bool:
    """Whether a box is a crop that crops nothing, as FFmpeg writes for uncompressed video."""
    if box[4:8] != b"clap" or len(box) < 40:
        return False
    numbers = struct.unpack_from(">8x8I", box)  # four fractions: width, height, and how far off the centre
    tops, bottoms = numbers[::2], numbers[1::2]
    return tops == tuple(part * bottom for part, bottom in zip((width, height, 0, 0), bottoms))


def with_boxes(segment: Path, boxes: dict[bytes, bytes]) -> InputContainer | None:
    """An open file in memory whose only stream is that of `segment` with these boxes; None if MP4 cannot hold it."""
    for format in ("mp4", "mov"):
        file = BytesIO()
        with suppress(av.FFmpegError, ValueError), av.open(str(segment)) as source:
            with av.open(file, "w", format=format, container_options=STRICTNESS) as container:
                stream = container.add_stream_from_template(source.streams.video[0])
                packet = next(source.demux(video=0))
                packet.stream, packet.pts, packet.dts = stream, 0, 0
                container.mux_one(packet)
            return av.open(BytesIO(inserted(file.getvalue(), b"".join(boxes.values()))), "r")
    return None


def inserted(data: bytes, new: bytes, in_front: bool = False) -> bytes:
    """MP4 data, whose index is behind its packets, with boxes added at the end of the sample entry.

    in_front: add what belongs in front of all boxes, directly behind the fields that every entry has
    """
    around = list(_entry(data))
    place = around[-1][1] + _COMMON if in_front else around[-1][2]
    result = bytearray(data[:place] + new + data[place:])
    for begin, _, _ in around:
        struct.pack_into(">I", result, begin, struct.unpack_from(">I", result, begin)[0] + len(new))
    return bytes(result)


def _entry(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(begin, start of the content, end) of each box around the first sample entry, and last of the entry itself."""
    start, end = 0, len(data)
    for kind in _PATH:
        begin, start, end = next(
            (at, inner, stop) for name, at, inner, stop in _boxes(data, start, end) if name == kind
        )
        yield begin, start, end
        start += _BEFORE_CHILDREN.get(kind, 0)
    _, begin, start, end = next(_boxes(data, start, end))
    yield begin, start, end


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(type, begin, start of the content, end) of the boxes between two positions."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8:
            return
        yield kind, start, start + 8, start + size
        start += size
