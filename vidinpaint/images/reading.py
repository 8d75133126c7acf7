"""`read_image_file`: one image from any file that OpenCV reads, upright, in its own depth, with its metadata.

What OpenCV 5 does with IMREAD_UNCHANGED, found by experiment, and what is done about it here:

    palette, 1 bit      become RGB or grey of 8 bits, transparent colours an alpha channel
    grey with alpha     PNG becomes RGBA with three equal channels; TIFF and JPEG 2000 lose the alpha: refused
    CMYK                JPEG becomes RGB; TIFF is decoded wrongly as RGBA: refused
    orientation         ignored for EXIF and AVIF: done here; TIFF is already turned
    TIFF, 8 bit, alpha  colours are multiplied by the alpha if the file says "unassociated": the tag is changed in
                        memory, which leaves the colours unchanged
    TIFF, 16 bit        separate planes are mixed up and "white is zero" becomes negative: refused
    float               float32 from 0 to 1 is accepted, usually from TIFF
    AVIF                10 and 12 bits become uint16 of a smaller range: refused. Files with headers of more than
                        500 bytes, as with long metadata, are not recognised as AVIF

Raises `ImageError`.
"""

from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError
from vidinpaint.core.orientation import Turn, file_turn, upright_block
from vidinpaint.core.tiff_directory import Directory
from vidinpaint.images.image_file import EXIF, ICC, XMP, ImageFile
from vidinpaint.numerics.image_decoding import quiet
from vidinpaint.video.folders.still_metadata import names_behind_jpeg, still_metadata

_TIFF, _BIG_TIFF = (b"II*\0", b"MM\0*"), (b"II+\0", b"MM\0+")
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_BITS, _PHOTOMETRIC, _SAMPLES, _PLANES, _EXTRA = 258, 262, 277, 284, 338
_WHITE_IS_ZERO, _GREY_OR_COLOUR = 0, (0, 1, 2, 3, 6)  # 1 grey, 2 RGB, 3 palette, 6 YCbCr
_UNSPECIFIED, _UNASSOCIATED, _SEPARATE = 0, 2, 2
_CONVERT = "Save it as an RGB PNG or TIFF of 8 or 16 bits first."
_COPY = "Get a complete copy of it."


def read_image_file(path: Path) -> ImageFile:
    """The image in a file; raises ImageError for a file that is not exactly one image in a supported form."""
    data = _bytes(path)
    start = data[:12].tobytes()
    if start.startswith(_TIFF + _BIG_TIFF):
        _prepare_tiff(data, path)
    if start.startswith(_PNG) and b"IEND" not in data.tobytes():  # libpng would print a message
        raise ImageError("a complete image file", f"'{path}', which is truncated", _COPY)
    pixels, metadata = _decode(data, path)
    avif = start[4:8] == b"ftyp"
    if avif and pixels.dtype != np.uint8:
        raise ImageError("an AVIF of 8 bits", f"'{path}' with 10 or 12 bits", _CONVERT)
    _check(pixels, path)
    turn = file_turn(data.tobytes(), metadata.get(EXIF, b""))
    beside = still_metadata(path)
    if start.startswith(_JPEG):
        for name in names_behind_jpeg(data.tobytes()):
            beside.add(name)
        metadata.pop(ICC, None)  # OpenCV takes any APP2 segment for one
    if beside.icc:
        metadata[ICC] = beside.icc
    if turn.quarters % 2 and beside.density:
        beside.density = beside.density[1], beside.density[0]
        beside.chunks = [chunk for chunk in beside.chunks if chunk[0] != b"pHYs"]
    return ImageFile(_upright_rgb(pixels, turn), _upright_metadata(metadata, turn), beside)


def _bytes(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
        if empty:
            raise ImageError("a photo", f"the empty file '{path}'", _COPY)
        with quiet():
            readable = cv2.haveImageReader(str(path))  # reads the first bytes only, also of a long video
        if not readable:
            raise ImageError("a photo in a format that OpenCV reads", f"'{path}'", "Give a JPEG, PNG, TIFF or WebP.")
        count = _image_count(path)
        if count > 1:
            raise ImageError("a file with one image", f"'{path}' with {count}", "Save the image you need on its own.")
        return np.fromfile(path, np.uint8)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ImageError("a photo", f"'{path}' ({reason})", "Check the path and the permissions.") from error


def _image_count(path: Path) -> int:
    """The number of images or pages in a file, as far as OpenCV can tell without decoding them."""
    try:
        with quiet():
            return int(cv2.imcount(str(path), cv2.IMREAD_UNCHANGED))
    except cv2.error:
        return 1  # decoding reports the problem


def _decode(data: np.ndarray, path: Path) -> tuple[np.ndarray, dict[int, bytes]]:
    try:
        with quiet():
            pixels, kinds, blocks = cv2.imdecodeWithMetadata(data, cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        if isinstance(error, MemoryError) or "CV_IO_MAX_IMAGE" in str(error) or error.code == cv2.Error.StsNoMem:
            actual = f"'{path}', which is too large to be read"
            raise ImageError("a photo of at most 2^30 pixels", actual, "Crop or scale it first.") from error
        pixels = None
    if pixels is None or not pixels.size:
        raise ImageError("a complete image file", f"'{path}', which is truncated or damaged", _COPY)
    return pixels, {int(kind): np.asarray(block).tobytes() for kind, block in zip(kinds, blocks)}


def _check(pixels: np.ndarray, path: Path) -> None:
    if pixels.dtype == np.float32:
        if not (pixels.min() >= 0 and pixels.max() <= 1):  # also catches NaN
            raise ImageError(
                "float samples from 0 to 1", f"'{path}' with samples out of range", "Scale them, or save 16 bits."
            )
    elif pixels.dtype not in (np.uint8, np.uint16):
        raise ImageError("samples of 8 or 16 bits or float32", f"'{path}' with {pixels.dtype}", _CONVERT)
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4):
        raise ImageError("a grey, RGB or RGBA image", f"'{path}' with {pixels.shape[2]} channels", _CONVERT)


def _prepare_tiff(data: np.ndarray, path: Path) -> None:
    """Refuse the kinds of TIFF that OpenCV decodes wrongly; change the tag that would multiply colours by alpha."""
    try:
        directory = Directory(data.data)
        photometric, samples = directory.get(_PHOTOMETRIC), directory.get(_SAMPLES, 1)
        if photometric not in _GREY_OR_COLOUR or samples not in (1, 3, 4):
            raise ImageError("a TIFF that is grey, RGB or RGBA", f"'{path}' with other channels", _CONVERT)
        negative = photometric == _WHITE_IS_ZERO and directory.get(_BITS, 1) > 8
        if negative or (samples > 1 and directory.get(_PLANES) == _SEPARATE):
            raise ImageError("a TIFF with interleaved samples and black as 0", f"'{path}' in another layout", _CONVERT)
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
    """The metadata that still holds once the image is upright and something was removed from it."""
    result = dict(metadata)
    exif = upright_block(result.pop(EXIF, b""))
    if exif is not None:
        result[EXIF] = exif
    if turn != Turn():
        result.pop(XMP, None)  # it may hold the orientation, too
    return result
