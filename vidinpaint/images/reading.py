"""`read_image_file`: one image from any file that OpenCV reads, upright, in its own depth, with its metadata.

Float samples are float32 from 0 to 1, usually from TIFF. Raises `ImageError`.
"""

from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError
from vidinpaint.core.orientation import Turn, upright_block
from vidinpaint.images.image_file import EXIF, ICC, XMP, ImageFile
from vidinpaint.numerics.image_decoding import decode, image_count
from vidinpaint.video.folders.still_metadata import names_behind_jpeg, still_metadata

_JPEG = b"\xff\xd8"
_CONVERT = "Save it as an RGB PNG or TIFF of 8 or 16 bits first."
_COPY = "Get a complete copy of it."


def read_image_file(path: Path) -> ImageFile:
    """The image in a file; raises ImageError for a file that is not exactly one image in a supported form."""
    data = _bytes(path)
    pixels, turn, metadata = decode(data, f"'{path}'")
    _check(pixels, path)
    beside = still_metadata(path)
    if data[:2].tobytes() == _JPEG:
        for name in names_behind_jpeg(data.tobytes()):
            beside.add(name)
        metadata.pop(ICC, None)  # OpenCV takes any APP2 segment for one
    if beside.icc:
        metadata[ICC] = beside.icc
    beside.turn(turn)
    return ImageFile(_upright_rgb(pixels, turn), _upright_metadata(metadata, turn), beside)


def _bytes(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
        if empty:
            raise ImageError("a photo", f"the empty file '{path}'", _COPY)
        count = image_count(path)
        if count == 0:
            remedy = "Give a JPEG, PNG, TIFF or WebP; for a clip use `vidinpaint inpaint`."
            raise ImageError("a photo in a format that OpenCV reads", f"'{path}'", remedy)
        if count is not None and count > 1:
            raise ImageError("a file with one image", f"'{path}' with {count}", "Save the image you need on its own.")
        return np.fromfile(path, np.uint8)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ImageError("a photo", f"'{path}' ({reason})", "Check the path and the permissions.") from error


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
