"""What each kind of picture file can hold, and how a photo is written to it so that its known pixels stay exact.

All are written without loss but JPEG, which encodes every pixel again: at quality 98 and with chroma in full resolution
that is about 50 dB. Metadata is what OpenCV 5 can write: none to TIFF, BMP, JPEG 2000 and PNM, XMP only to WebP (to
PNG it writes XMP in a chunk where nobody looks for it).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import OutputError
from vidinpaint.images.image_file import CICP, EXIF, ICC, NAMES, XMP, ImageFile
from vidinpaint.masks.mask_image import quiet

_COLOUR_SPACE = slice(16, 20)  # where an ICC profile says what its pixels are


@dataclass(frozen=True)
class Format:
    """One kind of file.

    depths   the depths that it holds, of "8 bit", "16 bit", "float"
    grey, colour, alpha  whether it holds such pictures
    exact    whether it gives back the pixels as they were
    keeps    the kinds of metadata that are written
    options  for OpenCV's encoder
    """

    name: str
    depths: tuple[str, ...] = ("8 bit",)
    grey: bool = True
    colour: bool = True
    alpha: bool = True
    exact: bool = True
    keeps: tuple[int, ...] = ()
    options: tuple[int, ...] = ()

    def check(self, photo: ImageFile) -> None:
        """Raise an OutputError that says what the photo needs and what holds it, unless this format does."""
        if photo.depth not in self.depths:
            raise OutputError(f"a format that holds {photo.depth}", self.name, _remedy(photo))
        if photo.alpha and not self.alpha:
            raise OutputError("a format that holds an alpha channel", self.name, _remedy(photo))
        if not (self.grey if photo.grey else self.colour):
            raise OutputError(f"a format for {'grey' if photo.grey else 'colour'}", self.name, _remedy(photo))


_JPEG = Format(
    "JPEG", alpha=False, exact=False, keeps=(EXIF, ICC),
    options=(cv2.IMWRITE_JPEG_QUALITY, 98, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
)  # fmt: skip
_TIFF = Format("TIFF", ("8 bit", "16 bit", "float"))
_PNM = Format("PNM", ("8 bit", "16 bit"), alpha=False)
FORMATS = {
    ".png": Format("PNG", ("8 bit", "16 bit"), keeps=(EXIF, ICC, CICP)),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": Format(
        "WebP", keeps=(EXIF, XMP, ICC),
        options=(cv2.IMWRITE_WEBP_LOSSLESS_MODE, cv2.IMWRITE_WEBP_LOSSLESS_PRESERVE_COLOR),
    ),
    ".avif": Format("AVIF", keeps=(EXIF,), options=(cv2.IMWRITE_AVIF_QUALITY, 100)),
    ".bmp": Format("BMP"),
    ".jp2": Format("JPEG 2000", ("8 bit", "16 bit"), options=(cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 1000)),
    ".ppm": replace(_PNM, name="PPM", grey=False),
    ".pgm": replace(_PNM, name="PGM", colour=False),
    ".pnm": _PNM,
}  # fmt: skip
"""By the end of the file's name. WebP has no grey: it becomes three equal channels."""


def format_of(path: Path) -> Format:
    """The format that a name stands for; an OutputError where pictures are not written so."""
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        actual = f"'{path.name}'"
        raise OutputError("a picture's name to write to", actual, f"Let it end in one of {', '.join(FORMATS)}.")
    return format


def encode(photo: ImageFile, path: Path) -> tuple[np.ndarray, list[str]]:
    """The bytes of the file uint8 (N,), and a note for everything that it does not keep."""
    format = format_of(path)
    fitting = {
        kind: block for kind, block in photo.metadata.items() if kind in format.keeps and _fits(block, kind, photo)
    }
    pixels = photo.pixels
    if not photo.grey:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA if photo.alpha else cv2.COLOR_RGB2BGR)
    written, data = fitting, _encoded(pixels, path.suffix, fitting, format)
    if data is None and fitting:  # a damaged profile, or a block that is too long for this format
        written, data = {}, _encoded(pixels, path.suffix, {}, format)
    if data is None:
        actual = f"{photo.width} x {photo.height} pixels"
        raise OutputError(f"a size that {format.name} can hold", actual, "Write a PNG or TIFF.")
    lost = [NAMES[kind] for kind in photo.metadata if kind not in written and kind in NAMES]
    notes = [f"{format.name} keeps nothing of {' and '.join(lost)}"] if lost else []
    if not format.exact:
        notes.append(f"{format.name} encodes all pixels again; a .png keeps the known ones bit for bit")
    return data, notes


def _encoded(pixels: np.ndarray, suffix: str, metadata: dict[int, bytes], format: Format) -> np.ndarray | None:
    blocks = [np.frombuffer(block, np.uint8) for block in metadata.values()]
    try:
        with quiet():
            done, data = cv2.imencodeWithMetadata(suffix, pixels, list(metadata), blocks, list(format.options))
    except cv2.error:
        return None
    return data if done and data is not None else None


def _fits(block: bytes, kind: int, photo: ImageFile) -> bool:
    """Whether a block holds for the pixels as they are written: the profile of a CMYK photo does not for RGB."""
    return kind != ICC or block[_COLOUR_SPACE] == (b"GRAY" if photo.grey else b"RGB ")


def _remedy(photo: ImageFile) -> str:
    if photo.depth == "float":
        return "Write a .tif."
    return "Write a .png or .tif."
