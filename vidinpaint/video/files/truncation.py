"""Truncation: detects files that end before the end they announce, from structure and header, without decoding.

MP4 and MOV are a sequence of boxes, Matroska and AVI one large element; each begins with its size. An interrupted copy
is shorter than that. Live recordings, whose size is unknown, do not count as truncated.
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
    """Duration of the video stream in seconds as its header says; None if the header does not say."""
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    tag = re.fullmatch(r"(\d+):(\d+):(\d+)(\.\d+)?", stream.metadata.get("DURATION", ""))
    if tag:  # Matroska's statistics, as hours:minutes:seconds
        hours, minutes, seconds = (int(part) for part in tag.groups()[:3])
        start = (stream.start_time or 0) * (stream.time_base or 0)
        return hours * 3600 + minutes * 60 + seconds + Fraction(tag.group(4) or 0) - start
    if container.duration is not None and len(container.streams) == 1:
        return Fraction(container.duration, 1_000_000)
    return None


def is_truncated(path: str | Path) -> bool:
    """True if an MP4, MOV, Matroska, WebM or AVI file is shorter than its header says; False for other formats."""
    length = Path(path).stat().st_size
    with open(path, "rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[:4] == _EBML:
            return _matroska_end(file, length) > length
        if head[:4] == b"RIFF" and head[8:] == b"AVI ":
            return int(struct.unpack("<I", head[4:8])[0]) + 8 > length + 1  # the last byte may be padding
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            return _boxes_end(file, length) > length
    return False


def _boxes_end(file: BinaryIO, length: int) -> int:
    """The position where the last media box of an MP4 or MOV file ends."""
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


def _matroska_end(file: BinaryIO, length: int) -> int:
    """The position where the Segment element ends; `length` if it has no size, as in a live recording."""
    for _ in range(2):
        identifier = file.read(4)
        size, known = _variable_size(file)
        if identifier == _SEGMENT:
            return file.tell() + size if known else length
        file.seek(size, 1)
    return length


def _variable_size(file: BinaryIO) -> tuple[int, bool]:
    """An EBML size (RFC 8794, section 4) and whether it is known: leading zeros count the bytes; all ones: unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return 0, False
    extra_bytes = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & (0x7F >> extra_bytes)]) + file.read(extra_bytes), "big")
    return value, value != (1 << (7 * (extra_bytes + 1))) - 1
