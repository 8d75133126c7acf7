"""Whether a file ends before the end it announces: told from its structure and header, without decoding.

MP4 and MOV are a row of boxes, Matroska and AVI one large element; each says its size in front. A copy that was
interrupted is shorter than that. Live recordings that never learnt their size are not called cut off.
"""

import re
import struct
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from av.container import InputContainer
from av.video.stream import VideoStream

_SEGMENT = b"\x18\x53\x80\x67"
_EBML = b"\x1a\x45\xdf\xa3"


def announced_seconds(container: InputContainer, stream: VideoStream) -> Fraction | None:
    """How long the pictures are by what the file's header says; None where it says nothing about them alone."""
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    tag = re.fullmatch(r"(\d+):(\d+):(\d+)(\.\d+)?", stream.metadata.get("DURATION", ""))
    if tag:  # Matroska's statistics, times of the clock
        hours, minutes, seconds = (int(part) for part in tag.groups()[:3])
        return (
            hours * 3600
            + minutes * 60
            + seconds
            + Fraction(tag.group(4) or 0)
            - (stream.start_time or 0) * (stream.time_base or 0)
        )
    if container.duration is not None and len(container.streams) == 1:
        return Fraction(container.duration, 1_000_000)
    return None


def is_truncated(path: str | Path) -> bool:
    """True where an MP4, MOV, Matroska, WebM or AVI file is shorter than it says; False for every other format."""
    length = Path(path).stat().st_size
    with open(path, "rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[:4] == _EBML:
            return _announced_by_matroska(file, length) > length
        if head[:4] == b"RIFF" and head[8:] == b"AVI ":
            return int(struct.unpack("<I", head[4:8])[0]) + 8 > length + 1  # the last byte may be padding
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            return _announced_by_boxes(file, length) > length
    return False


def _announced_by_boxes(file: BinaryIO, length: int) -> int:
    """Where the last box that holds film data ends, walking over the boxes of an MP4 or MOV."""
    position = 0
    while position + 8 <= length:
        file.seek(position)
        size, kind = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
        if size < 8:  # 0: up to the end of the file; anything else is no box
            return length
        if position + size > length and kind in (b"mdat", b"moov", b"moof"):
            return int(position + size)
        position += size
    return length


def _announced_by_matroska(file: BinaryIO, length: int) -> int:
    """Where the Segment element ends; `length` where it has no size, as in a live recording."""
    for _ in range(2):
        identifier = file.read(4)
        size, known = _variable_size(file)
        if identifier == _SEGMENT:
            return file.tell() + size if known else length
        file.seek(size, 1)
    return length


def _variable_size(file: BinaryIO) -> tuple[int, bool]:
    """A size as EBML writes it (RFC 8794, section 4): leading zeros tell how many bytes follow; all ones: unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return 0, False
    more = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & (0x7F >> more)]) + file.read(more), "big")
    return value, value != (1 << (7 * (more + 1))) - 1
