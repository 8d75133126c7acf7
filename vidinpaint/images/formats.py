"""What each image format can hold, and how an image is encoded so that its known pixels stay exact.

All formats are written without loss except JPEG, which encodes every pixel again: at quality 98 with chroma in full
resolution, about 50 dB. Metadata is limited to what OpenCV 5 can write: none to TIFF, BMP, JPEG 2000 and PNM, and XMP
only to WebP (in a PNG it would land in a chunk that no other program reads).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import OutputError
from vidinpaint.images.extras import tiff_options, with_extras
from vidinpaint.images.image_file import CICP, EXIF, ICC, NAMES, XMP, ImageFile
from vidinpaint.numerics.image_decoding import quiet

_COLOUR_SPACE = slice(16, 20)  # bytes of an ICC profile that name the colour space of its pixels


@dataclass(frozen=True)
class Format:
    """One image format.

    name     for messages
    depths   the sample depths that it holds: "8 bit", "16 bit", "float"
    grey, colour, alpha  whether it holds such images
    exact    whether reading returns the pixels exactly as written
    keeps    the kinds of metadata that are written
    options  of OpenCV's encoder
    """

    name: str
    depths: tuple[str, ...] = ("8 bit",)
    grey: bool = True
    colour: bool = True
    alpha: bool = True
    exact: bool = True
    keeps: tuple[int, ...] = ()
    options: tuple[int, ...] = ()

    def check(self, image: ImageFile) -> None:
        """Raise an OutputError, with a format that fits as the remedy, if this format cannot hold the image."""
        remedy = "Write a .tif." if image.depth == "float" else "Write a .png or .tif."
        if image.depth not in self.depths:
            raise OutputError(f"a format that holds {image.depth} samples", self.name, remedy)
        if image.alpha and not self.alpha:
            raise OutputError("a format that holds an alpha channel", self.name, remedy)
        if not (self.grey if image.grey else self.colour):
            raise OutputError(f"a format that holds {'grey' if image.grey else 'colour'} images", self.name, remedy)


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
"""By the suffix of the file name. WebP has no grey: a grey image becomes three equal channels."""


def format_of(path: Path) -> Format:
    """The format that the suffix of a file name stands for; raises OutputError for any other suffix."""
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        remedy = f"Use one of the suffixes {', '.join(FORMATS)}."
        raise OutputError("the name of an image file as output", f"'{path.name}'", remedy)
    return format


def encode(image: ImageFile, path: Path) -> tuple[np.ndarray, list[str]]:
    """The bytes of the file, uint8 (N,), and notes about what it does not keep; OutputError if too large."""
    format = format_of(path)
    written = {
        kind: block for kind, block in image.metadata.items() if kind in format.keeps and _is_valid(block, kind, image)
    }
    pixels = image.pixels
    if not image.grey:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA if image.alpha else cv2.COLOR_RGB2BGR)
    if format is _TIFF:
        format = replace(format, options=tiff_options(image.beside))
    data = _encoded(pixels, path.suffix, written, format)
    if data is None and written:  # a damaged profile, or a block that is too long for this format
        written, data = {}, _encoded(pixels, path.suffix, {}, format)
    if data is None:
        actual = f"{image.width} x {image.height} pixels"
        raise OutputError(f"a size that {format.name} can hold", actual, "Write a PNG or TIFF.")
    data, kept = with_extras(data, path.suffix.lower(), image)
    kept |= {NAMES[kind] for kind in written}
    names = [*(NAMES[kind] for kind in image.metadata if kind in NAMES), *image.beside.names]
    lost = [name for name in dict.fromkeys(names) if name not in kept]
    notes = [f"the {format.name} does not keep {', '.join(lost)}"] if lost else []
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


def _is_valid(block: bytes, kind: int, image: ImageFile) -> bool:
    """Whether a block of metadata holds for the pixels as written: a CMYK profile does not hold for RGB pixels."""
    return kind != ICC or block[_COLOUR_SPACE] == (b"GRAY" if image.grey else b"RGB ")
