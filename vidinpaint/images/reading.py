"""`read_image_file`: one picture from any file that OpenCV reads, upright, in its own depth, with its metadata.

What OpenCV 5 does with IMREAD_UNCHANGED, found by trying, and what is made of it here:

    palette, 1 bit      become RGB or grey of 8 bits, transparent colours an alpha channel
    grey with alpha     becomes RGBA with three equal channels (PNG); TIFF and JPEG 2000 lose the alpha: refused
    CMYK                JPEG becomes RGB; TIFF comes out as RGBA that it is not: refused
    orientation         ignored for EXIF and AVIF: done here; TIFF is already turned
    TIFF, 8 bit, alpha  colours come out multiplied by the alpha if the file says "unassociated": the tag is changed
                        in memory, then they come as they are
    TIFF, 16 bit        separate planes come out mixed up and "white is zero" comes out negative: refused
    float               float32 from 0 to 1 is taken, from TIFF as a rule
    AVIF                10 and 12 bits come as uint16 of a smaller range: refused. Headers of more than 500 bytes, as
                        with long metadata, are not known as AVIF

Raises `ImageError`.
"""

from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError
from vidinpaint.images.directory import Directory
from vidinpaint.images.image_file import EXIF, XMP, ImageFile
from vidinpaint.images.orientation import Turn, avif_turn, exif_turn, upright_block
from vidinpaint.masks.mask_image import quiet

_TIFF, _BIG_TIFF = (b"II*\0", b"MM\0*"), (b"II+\0", b"MM\0+")
_PNG = b"\x89PNG\r\n\x1a\n"
_BITS, _PHOTOMETRIC, _SAMPLES, _PLANES, _EXTRA = 258, 262, 277, 284, 338
_WHITE_IS_ZERO, _GREY_OR_COLOUR = 0, (0, 1, 2, 3, 6)  # 1 grey, 2 RGB, 3 palette, 6 YCbCr
_UNSPECIFIED, _UNASSOCIATED, _SEPARATE = 0, 2, 2
_CONVERT = "Save it as an RGB PNG or TIFF of 8 or 16 bits first."


def read_image_file(path: Path) -> ImageFile:
    """The photo in a file."""
    data = _bytes(path)
    start = data[:12].tobytes()
    if start.startswith(_TIFF + _BIG_TIFF):
        _prepare_tiff(data, path)
    if start.startswith(_PNG) and b"IEND" not in data.tobytes():  # libpng would write a line of its own
        raise ImageError("a whole picture", f"'{path}', which is cut off", "Get a whole copy of it.")
    pixels, metadata = _decode(data, path)
    avif = start[4:8] == b"ftyp"
    if avif and pixels.dtype != np.uint8:
        raise ImageError("an AVIF of 8 bits", f"'{path}' with 10 or 12", _CONVERT)
    _check(pixels, path)
    turn = avif_turn(data.tobytes()) if avif else exif_turn(metadata.get(EXIF, b""))
    return ImageFile(_upright_rgb(pixels, turn), _upright_metadata(metadata, turn))


def _bytes(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
        if empty:
            raise ImageError("a photo", f"an empty file '{path}'", "Get a whole copy of it.")
        with quiet():
            readable = cv2.haveImageReader(str(path))  # looks at the first bytes: a video is not read as a whole
        if not readable:
            raise ImageError("a photo that OpenCV reads", f"'{path}'", "Give a JPEG, PNG, TIFF or WebP.")
        count = _pictures(path)
        if count > 1:
            raise ImageError("one picture", f"'{path}' with {count}", "Save the one that is meant by itself.")
        return np.fromfile(path, np.uint8)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ImageError("a photo", f"'{path}' ({reason})", "Check the name and the rights.") from error


def _pictures(path: Path) -> int:
    """How many pictures or pages a file has, as far as OpenCV can tell without decoding them."""
    try:
        with quiet():
            return int(cv2.imcount(str(path), cv2.IMREAD_UNCHANGED))
    except cv2.error:
        return 1  # decoding says what is wrong


def _decode(data: np.ndarray, path: Path) -> tuple[np.ndarray, dict[int, bytes]]:
    try:
        with quiet():
            pixels, kinds, blocks = cv2.imdecodeWithMetadata(data, cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        if isinstance(error, MemoryError) or "CV_IO_MAX_IMAGE" in str(error) or error.code == cv2.Error.StsNoMem:
            actual = f"'{path}', which is too large to be read"
            raise ImageError("a photo of at most 2^30 pixels", actual, "Cut or scale it first.") from error
        pixels = None
    if pixels is None or not pixels.size:
        raise ImageError("a whole picture", f"'{path}', which is cut off or damaged", "Get a whole copy of it.")
    return pixels, {int(kind): np.asarray(block).tobytes() for kind, block in zip(kinds, blocks)}


def _check(pixels: np.ndarray, path: Path) -> None:
    if pixels.dtype == np.float32:
        if not (pixels.min() >= 0 and pixels.max() <= 1):  # also catches NaN
            raise ImageError("float samples from 0 to 1", f"'{path}' with others", "Scale them, or save 16 bits.")
    elif pixels.dtype not in (np.uint8, np.uint16):
        raise ImageError("samples of 8 or 16 bits or float32", f"'{path}' with {pixels.dtype}", _CONVERT)
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4):
        raise ImageError("grey, RGB or RGBA", f"'{path}' with {pixels.shape[2]} channels", _CONVERT)


def _prepare_tiff(data: np.ndarray, path: Path) -> None:
    """Refuse the kinds of TIFF that come out wrong; let alpha and colours come as they are."""
    try:
        directory = Directory(data.data)
        photometric, samples = directory.get(_PHOTOMETRIC), directory.get(_SAMPLES, 1)
        if photometric not in _GREY_OR_COLOUR or samples not in (1, 3, 4):
            raise ImageError("a TIFF that is grey, RGB or RGBA", f"'{path}' with other channels", _CONVERT)
        negative = photometric == _WHITE_IS_ZERO and directory.get(_BITS, 1) > 8
        if negative or (samples > 1 and directory.get(_PLANES) == _SEPARATE):
            raise ImageError("samples stored pixel by pixel, black as 0", f"'{path}' stored otherwise", _CONVERT)
        if directory.get(_EXTRA) == _UNASSOCIATED:
            directory.set(_EXTRA, _UNSPECIFIED)
    except ValueError as error:
        raise ImageError("a plain TIFF", f"'{path}', which is a BigTIFF or damaged", _CONVERT) from error


def _upright_rgb(pixels: np.ndarray, turn: Turn) -> np.ndarray:
    if pixels.ndim == 3 and pixels.shape[2] > 1:
        code = cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
        pixels = cv2.cvtColor(pixels, code)
    elif pixels.ndim == 3:
        pixels = pixels[..., 0]
    return np.ascontiguousarray(turn(pixels))


def _upright_metadata(metadata: dict[int, bytes], turn: Turn) -> dict[int, bytes]:
    """What still holds for the upright picture with something removed from it."""
    kept = dict(metadata)
    exif = upright_block(kept.pop(EXIF, b""))
    if exif is not None:
        kept[EXIF] = exif
    if turn != Turn():
        kept.pop(XMP, None)  # it may say the orientation again
    return kept
