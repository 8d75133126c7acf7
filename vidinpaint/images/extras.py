"""What OpenCV does not write: the resolution of a picture, and the texts and colour marks of a PNG."""

import struct

import cv2
import numpy as np

from vidinpaint.images.image_file import ImageFile
from vidinpaint.video.folders.still_metadata import (
    RESOLUTION,
    StillMetadata,
    names_of_chunks,
    png_chunks,
    with_chunks,
)

_INCH = 2  # unit of resolutions in TIFF


def tiff_options(beside: StillMetadata) -> tuple[int, ...]:
    """Options of OpenCV's encoder of TIFF that write the resolution."""
    if beside.dots_per_inch is None:
        return ()
    across, down = beside.dots_per_inch
    return (cv2.IMWRITE_TIFF_RESUNIT, _INCH, cv2.IMWRITE_TIFF_XDPI, across, cv2.IMWRITE_TIFF_YDPI, down)


def with_extras(data: np.ndarray, suffix: str, image: ImageFile) -> tuple[np.ndarray, set[str]]:
    """The encoded file uint8 (N,) with what its format can hold of `image.beside`, and the names of what that is."""
    density, dots = image.beside.density, image.beside.dots_per_inch
    if suffix == ".png":
        chunks = png_chunks(image.beside, image.grey)
        written = with_chunks(data.tobytes(), chunks)
        return np.frombuffer(written, np.uint8), names_of_chunks(chunks)
    if density is None or dots is None:
        return data, set()
    if suffix in (".tif", ".tiff"):
        return data, {RESOLUTION}
    if suffix in (".jpg", ".jpeg") and data[6:11].tobytes() == b"JFIF\0" and max(dots) < 1 << 16:
        return _overwritten(data, 13, struct.pack(">BHH", 1, *dots)), {RESOLUTION}
    if suffix == ".bmp":
        return _overwritten(data, 38, struct.pack("<ii", *density)), {RESOLUTION}
    return data, set()


def _overwritten(data: np.ndarray, at: int, part: bytes) -> np.ndarray:
    result = data.copy()
    result[at : at + len(part)] = np.frombuffer(part, np.uint8)
    return result
