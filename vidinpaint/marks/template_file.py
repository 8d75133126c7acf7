"""Template files: a mark as an RGBA image, straight alpha, that any image editor opens.

What the pixels cannot say is in a text chunk of the PNG (keyword `KEYWORD`): "x=52 y=54 width=1280 height=720
deviation=0.013", the mark's upper left corner in a frame of this size, and how uncertain its alpha is. An image without
it is as large as the frames, or is searched for. Format: PNG specification, third edition, section 11.3.3.2 (tEXt).
"""

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError, MaskError
from vidinpaint.marks.template import VISIBLE, Template
from vidinpaint.numerics.image_decoding import decode_upright

KEYWORD = "vidinpaint mark"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_SIGNATURE) + 25  # the chunk IHDR comes first and has 13 bytes, with length, name and check sum 25
_FORM = re.compile(r"x=(\d{1,5}) y=(\d{1,5}) width=(\d{1,5}) height=(\d{1,5}) deviation=(0?\.\d{1,6}|0|1|1\.0+)")
_MOST_OPAQUE = 2**16 - 1


@dataclass(frozen=True)
class Place:
    """Where a mark is: its upper left corner (x, y) in frames of width x height pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class TemplateFile:
    """A template, and its place if the file says it."""

    template: Template
    place: Place | None


def write_template(path: Path, template: Template, place: Place) -> None:
    """Write an RGBA PNG of 16 bits. Raises OSError where that is impossible."""
    samples = np.dstack([template.colour[..., ::-1], template.alpha])  # OpenCV's order of channels
    _, data = cv2.imencode(".png", np.rint(np.clip(samples, 0, 1) * _MOST_OPAQUE).astype(np.uint16))
    seen = template.alpha > 0
    deviation = float(np.sqrt(np.mean(template.deviation[seen] ** 2))) if seen.any() else 0.0
    text = f"x={place.x} y={place.y} width={place.width} height={place.height} deviation={min(deviation, 1):.6f}"
    png = data.tobytes()
    path.write_bytes(png[:_HEADER_END] + _chunk(b"tEXt", f"{KEYWORD}\0{text}".encode("latin-1")) + png[_HEADER_END:])


def read_template(path: Path) -> TemplateFile:
    """Read a template of any image format with an alpha channel, of 8 or 16 bits.

    Raises `MaskError` where the file cannot be read, has no alpha channel, shows nothing or is opaque everywhere.
    """
    name = repr(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MaskError(
            "a mark's template, an RGBA image", f"{name}: {error.strerror}", "Give another file."
        ) from error
    try:
        samples = decode_upright(np.frombuffer(bytearray(data), np.uint8), name)
    except ImageError as error:
        raise MaskError(f"a mark's template: {error.expected}", error.actual, error.remedy) from error
    if samples.ndim != 3 or samples.shape[2] != 4 or samples.dtype not in (np.uint8, np.uint16):
        raise _refused(name, "without an alpha channel of 8 or 16 bits")
    levels = samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max)
    alpha = np.ascontiguousarray(levels[..., 3])
    if not (alpha > VISIBLE).any():
        raise _refused(name, "that is transparent everywhere")
    if alpha.min() == 1:
        raise _refused(name, "that is opaque everywhere, so that nothing tells the mark from its surroundings")
    place, deviation = _place(data, name)
    if place and (place.x + alpha.shape[1] > place.width or place.y + alpha.shape[0] > place.height):
        raise _refused(name, "whose text chunk places it outside of the frame")
    uncertain = np.where(alpha > 0, np.float32(deviation), np.float32(0))
    return TemplateFile(Template(alpha, np.ascontiguousarray(levels[..., 2::-1]), uncertain), place)


def _refused(name: str, problem: str) -> MaskError:
    return MaskError(
        "a mark's template, an RGBA image that is transparent around the mark",
        f"{name}, an image {problem}",
        "Make one with `vidinpaint mark estimate`, or remove the mark with a mask.",
    )


def _place(data: bytes, name: str) -> tuple[Place | None, float]:
    """The place and the deviation that a PNG's text chunk tells; None and 0 without one."""
    position = len(_SIGNATURE) if data.startswith(_SIGNATURE) else len(data)
    prefix = f"{KEYWORD}\0".encode()
    while position + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        content = data[position + 8 : position + 8 + length]
        if kind == b"tEXt" and content.startswith(prefix):
            found = _FORM.fullmatch(content[len(prefix) :].decode("latin-1"))
            if found is None:
                raise _refused(name, "whose text chunk is damaged")
            return Place(*map(int, found.groups()[:4])), float(found[5])
        position += length + 12
    return None, 0.0


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
