"""`decode`: the samples of an image file in memory, for photos, frames and masks alike.

What OpenCV 5 does with IMREAD_UNCHANGED, found by experiment, and what is done about it here:

    palette, 1 bit      become RGB or grey of 8 bits, transparent colours an alpha channel
    grey with alpha     PNG becomes RGBA with three equal channels; TIFF loses the alpha: refused
    CMYK                JPEG becomes RGB; TIFF is decoded wrongly as RGBA: refused
    orientation         ignored for EXIF and AVIF: `Decoded.turn`; TIFF is already turned
    TIFF, 8 bit, alpha  colours are multiplied by the alpha if the file says "unassociated": the tag is changed in
                        memory, which leaves the colours unchanged
    TIFF, 16 bit        separate planes are mixed up and "white is zero" becomes negative: refused
    raw photo (DNG)     its small preview is decoded: refused
    AVIF                10 and 12 bits become uint16 of a smaller range: refused. Files with headers of more than
                        500 bytes, as with long metadata, are not recognised as AVIF
    name not in UTF-8   ends the process: `image_count` opens such a file first
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError
from vidinpaint.core.orientation import Turn, file_turn
from vidinpaint.core.tiff_directory import Directory

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PNG = b"\x89PNG\r\n\x1a\n"
_KIND, _BITS, _PHOTOMETRIC, _SAMPLES, _PLANES, _EXTRA = 254, 258, 262, 277, 284, 338
_REDUCED = 1  # a flag of _KIND
_WHITE_IS_ZERO, _GREY_OR_COLOUR = 0, (0, 1, 2, 3, 6)  # 1 grey, 2 RGB, 3 palette, 6 YCbCr
_UNSPECIFIED, _UNASSOCIATED, _SEPARATE = 0, 2, 2
_CONVERT = "Save it as an RGB PNG or TIFF of 8 or 16 bits first."
_COPY = "Get a complete copy of it."


class Decoded(NamedTuple):
    """An image as it is stored.

    samples   (H, W) or (H, W, C) in OpenCV's order of channels
    turn      what viewers do with them
    metadata  blocks by OpenCV's kinds (EXIF, XMP, ICC, CICP)
    """

    samples: np.ndarray
    turn: Turn
    metadata: dict[int, bytes]


def decode(data: np.ndarray, name: str) -> Decoded:
    """The image in the bytes uint8 (N,) of a file, which are changed; `name` is what messages call it.

    Raises `ImageError` for a file that is damaged, or of a kind that OpenCV decodes wrongly.
    """
    start = data[:12].tobytes()
    if start.startswith(_TIFF):
        _prepare_tiff(data, name)
    if start.startswith(_PNG) and b"IEND" not in data.tobytes():  # libpng would print a message
        raise ImageError("a complete image file", f"{name}, which is truncated", _COPY)
    samples, metadata = _decode(data, name)
    if start[4:8] == b"ftyp" and samples.dtype != np.uint8:
        raise ImageError("an AVIF of 8 bits", f"{name} with 10 or 12 bits", _CONVERT)
    return Decoded(samples, file_turn(data.tobytes(), metadata.get(cv2.IMAGE_METADATA_EXIF, b"")), metadata)


def decode_upright(data: np.ndarray, name: str) -> np.ndarray:
    """The samples as viewers show them, (H, W) or (H, W, C) in OpenCV's order of channels; see `decode`."""
    decoded = decode(data, name)
    return np.ascontiguousarray(decoded.turn(decoded.samples))


def image_count(path: Path) -> int | None:
    """The number of images or pages in a file that can be read, 0 if it is no image, None if it is a damaged one."""
    with quiet(), _name_for_opencv(path) as name:
        if not cv2.haveImageReader(name):  # reads the first bytes only, also of a long video
            return 0
        try:
            return int(cv2.imcount(name, cv2.IMREAD_UNCHANGED)) or None
        except cv2.error:
            return None


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps OpenCV from writing about broken files to stderr; the error that is raised explains it in one line."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)


@contextmanager
def _name_for_opencv(path: Path) -> Iterator[str]:
    try:
        str(path).encode()
    except UnicodeEncodeError:  # only where names are bytes, and there open files have names, too
        with path.open("rb") as file:
            yield f"/dev/fd/{file.fileno()}"
    else:
        yield str(path)


def _decode(data: np.ndarray, name: str) -> tuple[np.ndarray, dict[int, bytes]]:
    try:
        with quiet():
            samples, kinds, blocks = cv2.imdecodeWithMetadata(data, cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        if isinstance(error, MemoryError) or "CV_IO_MAX_IMAGE" in str(error) or error.code == cv2.Error.StsNoMem:
            actual = f"{name}, which is too large to be read"
            raise ImageError("an image of at most 2^30 pixels", actual, "Crop or scale it first.") from error
        samples = None
    if samples is None or not samples.size:
        raise ImageError("a complete image file", f"{name}, which is truncated or damaged", _COPY)
    return samples, {int(kind): np.asarray(block).tobytes() for kind, block in zip(kinds, blocks)}


def _prepare_tiff(data: np.ndarray, name: str) -> None:
    """Refuse the kinds of TIFF that OpenCV decodes wrongly; change the tag that would multiply colours by alpha."""
    try:
        directory = Directory(data.data)
        if directory.get(_KIND) & _REDUCED:
            raise ImageError("an image", f"{name}, a raw photo with a small preview", "Convert it to a PNG or TIFF.")
        photometric, samples = directory.get(_PHOTOMETRIC), directory.get(_SAMPLES, 1)
        if photometric not in _GREY_OR_COLOUR or samples not in (1, 3, 4):
            raise ImageError("a TIFF that is grey, RGB or RGBA", f"{name} with other channels", _CONVERT)
        negative = photometric == _WHITE_IS_ZERO and directory.get(_BITS, 1) > 8
        if negative or (samples > 1 and directory.get(_PLANES) == _SEPARATE):
            raise ImageError("a TIFF with interleaved samples and black as 0", f"{name} in another layout", _CONVERT)
        if directory.get(_EXTRA) == _UNASSOCIATED:
            directory.set(_EXTRA, _UNSPECIFIED)
    except ValueError as error:
        raise ImageError("a plain TIFF", f"{name}, which is a BigTIFF or damaged", _CONVERT) from error
