"""`still_metadata`: what an image file holds beside the pixels of its picture, read without decoding it.

Colour profile, resolution and texts can be written to a PNG again; whatever else there is, is named, so that a message
can say what a result lacks. Sources: PNG (third edition), 11.3; JFIF 1.02; CIPA DC-007 (MPF); TIFF 6.0, section 8.
"""

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from vidinpaint.core.orientation import EXIF_PREFIX, Turn
from vidinpaint.core.tiff_directory import Directory

EXIF, XMP, ICC, TEXT = "EXIF", "XMP", "the colour profile (ICC)", "texts"
RESOLUTION, CODE_POINTS = "the resolution", "the colour code points (CICP)"
SECOND_PICTURE = "the second picture in the file (a gain map, depth map or preview)"
FILM = "the film behind the picture (motion photo)"
ANIMATION, PAGES, INKS = "the further pictures of an animation", "the further pages", "the inks (CMYK became RGB)"

PNG_HEADER = b"\x89PNG\r\n\x1a\n"
_PNG_NAMES = {
    b"iCCP": ICC, b"cICP": CODE_POINTS, b"eXIf": EXIF, b"pHYs": RESOLUTION, b"acTL": ANIMATION,
    b"tEXt": TEXT, b"zTXt": TEXT, b"iTXt": TEXT, b"gAMA": "gamma and primaries", b"cHRM": "gamma and primaries",
    b"sRGB": "the colour space sRGB", b"mDCV": "HDR mastering data", b"cLLI": "HDR mastering data",
}  # fmt: skip
COPIED = frozenset((b"cICP", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"tEXt", b"zTXt", b"iTXt", b"mDCV", b"cLLI"))
"""PNG chunks that hold for every picture of the same size and colours."""
_JPEG_NAMES = (
    (0xE1, b"http://ns.adobe.com/x", XMP), (0xE2, b"MPF\0", SECOND_PICTURE),
    (0xE2, b"urn:iso:std:iso:ts:21496", SECOND_PICTURE), (0xEB, b"JP", "content credentials (JUMBF)"),
    (0xED, b"Photoshop", "IPTC data"), (0xFE, b"", "a comment"),
)  # fmt: skip
_JPEG_ICC = b"ICC_PROFILE\0"
_TIFF_NAMES = {
    330: "further pictures in it (SubIFDs)", 700: XMP, 33723: "IPTC data", 34377: "Photoshop data", 34665: EXIF,
    34853: EXIF, 33550: "map coordinates (GeoTIFF)", 34264: "map coordinates (GeoTIFF)",
    34735: "map coordinates (GeoTIFF)", 270: TEXT, 315: TEXT, 33432: TEXT,
}  # fmt: skip
_PHOTOMETRIC, _ACROSS, _DOWN, _UNIT, _PROFILE = 262, 282, 283, 296, 34675  # tags of TIFF
_SEPARATED, _INCHES = 5, 2  # values of the first and the fourth
_CENTIMETRES = {2: 2.54, 3: 1.0}  # per unit of the resolution tags of TIFF; 1 is no unit
_INCH = 0.0254  # metres

Density = tuple[int, int]
"""Pixels per metre, horizontally and vertically."""


@dataclass
class StillMetadata:
    """What lies beside the pixels.

    icc, exif  a colour profile and an EXIF block, or empty
    density    None if unknown
    chunks     of a PNG, to copy
    names      of all there is
    """

    icc: bytes = b""
    exif: bytes = b""
    density: Density | None = None
    chunks: list[tuple[bytes, bytes]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def turn(self, turn: Turn) -> None:
        """Make the resolution that of the upright picture."""
        if turn.quarters % 2 and self.density:
            self.density = self.density[1], self.density[0]
            self.chunks = [chunk for chunk in self.chunks if chunk[0] != b"pHYs"]

    @property
    def dots_per_inch(self) -> Density | None:
        """The density per inch; None if unknown."""
        if self.density is None:
            return None
        return round(self.density[0] * _INCH), round(self.density[1] * _INCH)


def still_metadata(path: Path) -> StillMetadata:
    """What a PNG, JPEG, WebP or TIFF file holds beside its pixels; nothing for other files and after damage."""
    found = StillMetadata()
    with path.open("rb") as file:
        start = file.read(12)
        try:
            if reader := _reader(start):
                reader(file, found)
        except (struct.error, ValueError, IndexError, zlib.error):
            pass  # what is readable up to here
    if found.icc:
        found.add(ICC)
    if found.density:
        found.add(RESOLUTION)
    return found


def _reader(start: bytes) -> Callable[[BinaryIO, StillMetadata], None] | None:
    if start.startswith(PNG_HEADER):
        return _read_png
    if start.startswith(b"\xff\xd8"):
        return _read_jpeg
    if start[:4] in (b"II*\0", b"MM\0*"):
        return _read_tiff
    if start.startswith(b"BM"):
        return _read_bmp
    if start[4:8] == b"ftyp":
        return _read_avif
    return _read_webp if start[:4] == b"RIFF" and start[8:] == b"WEBP" else None


def _read_png(file: BinaryIO, found: StillMetadata) -> None:
    file.seek(8)
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        if kind in _PNG_NAMES:
            data = file.read(size)
            file.seek(4, 1)
            found.add(XMP if data.startswith(b"XML:com.adobe.xmp\0") else _PNG_NAMES[kind])
            if kind in COPIED and not data.startswith(b"XML:com.adobe.xmp\0"):
                found.chunks.append((kind, data))
            if kind == b"eXIf":
                found.exif = data
            elif kind == b"iCCP":
                found.icc = zlib.decompress(data[data.index(b"\0") + 2 :])
            elif kind == b"pHYs" and data[8] == 1:
                found.density = struct.unpack(">II", data[:8])
        else:
            file.seek(size + 4, 1)


def _read_jpeg(file: BinaryIO, found: StillMetadata) -> None:
    file.seek(2)
    profile: dict[int, bytes] = {}
    while True:
        mark, kind, size = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF or kind == 0xDA:
            break
        data = file.read(size - 2)
        if kind in (0xC0, 0xC1, 0xC2) and data[5] == 4:
            found.add(INKS)
        elif kind == 0xE0 and data.startswith(b"JFIF\0"):
            unit, across, down = struct.unpack(">BHH", data[7:12])
            per_metre = {1: 1 / _INCH, 2: 100}.get(unit, 0)
            if per_metre and min(across, down) > 1:
                found.density = round(across * per_metre), round(down * per_metre)
        elif kind == 0xE2 and data.startswith(_JPEG_ICC):
            profile[data[12]] = data[14:]
        elif kind == 0xE1 and data.startswith(EXIF_PREFIX):
            found.exif = data.removeprefix(EXIF_PREFIX)
            found.add(EXIF)
        elif name := next((name for app, start, name in _JPEG_NAMES if app == kind and data.startswith(start)), ""):
            found.add(name)
        elif kind not in (0xE0, 0xEE) and 0xE0 < kind <= 0xEF:
            found.add(f"application data (APP{kind - 0xE0})")
    found.icc = b"".join(profile[number] for number in sorted(profile))


def _read_tiff(file: BinaryIO, found: StillMetadata) -> None:
    file.seek(0)
    directory = Directory(bytearray(file.read()))
    for tag in directory.tags:
        if tag in _TIFF_NAMES:
            found.add(_TIFF_NAMES[tag])
    if directory.next:
        found.add(PAGES)
    if directory.get(_PHOTOMETRIC) == _SEPARATED:
        found.add(INKS)
    unit, across, down = directory.get(_UNIT, _INCHES), directory.ratio(_ACROSS), directory.ratio(_DOWN)
    if unit in _CENTIMETRES and min(across, down) > 1:
        per_metre = 100 / _CENTIMETRES[unit]
        found.density = round(across * per_metre), round(down * per_metre)
    found.icc = directory.block(_PROFILE)


def _read_webp(file: BinaryIO, found: StillMetadata) -> None:
    file.seek(12)
    names = {b"EXIF": EXIF, b"XMP ": XMP, b"ANIM": ANIMATION}
    while len(head := file.read(8)) == 8:
        kind, size = struct.unpack("<4sI", head)
        if kind in names:
            found.add(names[kind])
        if kind in (b"ICCP", b"EXIF"):
            block = file.read(size)
            file.seek(size & 1, 1)
            if kind == b"ICCP":
                found.icc = block
            else:
                found.exif = block.removeprefix(EXIF_PREFIX)
        else:
            file.seek(size + (size & 1), 1)


def _read_bmp(file: BinaryIO, found: StillMetadata) -> None:
    file.seek(38)
    across, down = struct.unpack("<ii", file.read(8))
    if min(across, down) > 1:
        found.density = across, down


def _read_avif(file: BinaryIO, found: StillMetadata) -> None:
    """By names of boxes and items in the header, which lies at the start."""
    header = file.read(1 << 16)
    header = header[: max(0, header.find(b"mdat"))]
    for mark, name in ((b"colrprof", ICC), (b"tmap", SECOND_PICTURE), (b"application/rdf+xml", XMP), (b"Exif", EXIF)):
        if mark in header:
            found.add(name)


def png_chunks(found: StillMetadata, grey: bool) -> list[tuple[bytes, bytes]]:
    """The chunks for a PNG, grey or in colour, that holds the same picture: profile, resolution, texts."""
    chunks = list(found.chunks)
    kinds = {kind for kind, _ in chunks}
    if found.icc[16:20] == (b"GRAY" if grey else b"RGB "):
        chunks = [chunk for chunk in chunks if chunk[0] != b"sRGB"]
        chunks.append((b"iCCP", b"profile\0\0" + zlib.compress(found.icc)))
    if found.density and b"pHYs" not in kinds:
        chunks.append((b"pHYs", struct.pack(">IIB", *found.density, 1)))
    return chunks


def names_of_chunks(chunks: list[tuple[bytes, bytes]]) -> set[str]:
    """What a list of PNG chunks keeps, in the words of `StillMetadata.names`."""
    return {_PNG_NAMES[kind] for kind, _ in chunks}


def with_chunks(png: bytes, chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A PNG with chunks added behind its header, without those of a kind that it has already."""
    before_samples = png[: png.find(b"IDAT")]
    added = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
        if kind not in before_samples
    )
    return png[:33] + added + png[33:]


def names_behind_jpeg(data: bytes) -> list[str]:
    """What follows the picture in the bytes of a JPEG file, in the words of `StillMetadata.names`."""
    behind = _behind_jpeg(data)
    names = [FILM] if b"ftyp" in behind else []
    names += [SECOND_PICTURE] if behind.startswith(b"\xff\xd8\xff") else []
    return names or ([f"{len(behind)} bytes of data behind the picture"] if behind else [])


def _behind_jpeg(data: bytes) -> bytes:
    """Empty where there is nothing but padding."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xD9:
            behind = data[at + 2 :].strip(b"\0\r\n ")
            return behind if behind.strip(b"\xff") else b""
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == 0xDA:  # the samples: up to a mark that is neither a stuffed byte nor a restart
            end = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL).search(data, at)
            at = end.start() if end else len(data)
    return b""
