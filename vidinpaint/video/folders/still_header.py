"""`still_format`: size of the samples and channels of an image file, from its header, without decoding it.

The answer is how OpenCV decodes the file: palettes as colour, grey with alpha as colour with alpha, fewer than 8 bits
as 8 bits. Sources: PNG (third edition), 11.2.1 and 11.3.1; JPEG, ITU-T T.81, B.2.2; WebP container, RFC 9649.
"""

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_HEADERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class StillFormat(NamedTuple):
    """channels: 1 grey, 3 colour, 4 colour with alpha; bits: 8 or 16 per sample."""

    channels: int
    bits: int

    @property
    def words(self) -> str:
        kind = {1: "grey", 3: "colour", 4: "colour with opacity"}[self.channels]
        return f"{kind} of {self.bits} bits"


def still_format(path: Path) -> StillFormat | None:
    """The format of a PNG, JPEG or WebP file; None for other files and damaged ones, which have to be decoded."""
    with path.open("rb") as file:
        start = file.read(16)
        try:
            if start.startswith(_PNG):
                return _png(file)
            if start.startswith(b"\xff\xd8"):
                return _jpeg(file)
            if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
                return _webp(start[12:16], file)
        except (struct.error, IndexError, KeyError):
            pass
    return None


def richest(formats: list[StillFormat]) -> StillFormat:
    """The format that holds all of them without a loss."""
    return StillFormat(max(one.channels for one in formats), max(one.bits for one in formats))


def _png(file: BinaryIO) -> StillFormat:
    file.seek(24)
    bits, kind = file.read(2)
    channels = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}[kind]
    return StillFormat(4 if channels == 3 and _has_transparent_colour(file) else channels, 16 if bits == 16 else 8)


def _has_transparent_colour(file: BinaryIO) -> bool:
    file.seek(33)
    while True:
        size, name = struct.unpack(">I4s", file.read(8))
        if name in (b"IDAT", b"tRNS"):
            return bool(name == b"tRNS")
        file.seek(size + 4, 1)


def _jpeg(file: BinaryIO) -> StillFormat | None:
    file.seek(2)
    while True:
        mark, kind, size = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            return None
        if kind in _FRAME_HEADERS:
            bits, _, _, components = struct.unpack(">BHHB", file.read(6))
            return StillFormat(1 if components == 1 else 3, 8) if bits == 8 else None
        file.seek(size - 2, 1)


def _webp(kind: bytes, file: BinaryIO) -> StillFormat:
    file.seek(20)
    head = file.read(5)
    alpha = {b"VP8X": lambda: head[0] >> 4 & 1, b"VP8L": lambda: head[4] >> 4 & 1, b"VP8 ": lambda: 0}[kind]()
    return StillFormat(4 if alpha else 3, 8)
