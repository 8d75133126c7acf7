"""Reads one mask image: any format that OpenCV reads, 1, 8 or 16 bit or float, grey, palette or colour, with opacity.

It is turned upright as viewers show it. `vidinpaint.masks.marked_pixels` says which pixels are meant.
"""

from pathlib import Path

import numpy as np

from vidinpaint.core.errors import ImageError, MaskError
from vidinpaint.core.tiff_directory import Directory
from vidinpaint.masks.marked_pixels import BLACK, THRESHOLD, marked_pixels
from vidinpaint.masks.mask_size import MaskSize
from vidinpaint.numerics.image_decoding import decode_upright, image_count

EXTENSIONS = frozenset(
    f".{name}"
    for name in "png jpg jpeg jpe jp2 bmp dib tif tiff webp avif gif pgm pbm ppm pnm exr hdr".split()  # noqa: SIM905
)
_TIFF_SAMPLES = 277
_MAX_WHITE = 1.5  # of floating point samples in which 1 is white; filters overshoot


def is_image(path: Path) -> bool:
    """Whether a file is one image; an animation, whose frames have times, is none. By its name if it is unreadable."""
    suffix, count = path.suffix.lower(), image_count(path)
    return suffix in EXTENSIONS - {".gif"} if not count else count == 1 or suffix in (".tif", ".tiff")


def read_mask_image(path: Path, size: MaskSize) -> np.ndarray:
    """bool (H, W), True = inpaint. Raises MaskError where it is unreadable, has another size, or is no mask."""
    data = _bytes(path)
    try:
        samples = decode_upright(data, repr(str(path)))
    except ImageError as error:
        raise MaskError(f"a mask image: {error.expected}", error.actual, error.remedy) from error
    _check_form(data.tobytes(), samples, path)
    eight_bit = _eight_bit(samples)
    _check_value_range(samples, eight_bit, path)
    return size.fit(marked_pixels(eight_bit, repr(path.name)), repr(path.name))


_REMEDY = "Give an image that opens in an image viewer, such as a PNG."


def _bytes(path: Path) -> np.ndarray:
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise MaskError(
            "a mask image", f"{str(path)!r} ({reason.lower()})", "Check the name and the permissions."
        ) from error
    if not data.size:
        raise MaskError("a mask image", f"an empty file {str(path)!r}", _REMEDY)
    return data


def _check_form(data: bytes, samples: np.ndarray, path: Path) -> None:
    """Raise a MaskError for pages and for opacity that OpenCV drops without a word."""
    channels, has_pages = _tiff_form(data)
    if has_pages:
        raise MaskError("a mask image of one page", f"{path.name!r} with several", "Save them as images in a folder.")
    has_opacity = channels in (2, 4) or _jp2_channels(data) in (2, 4) or _has_transparent_grey(data)
    if has_opacity and (samples.ndim == 2 or samples.shape[2] < 4):
        raise MaskError(
            "a mask image whose opacity can be read", f"{path.name!r}, whose opacity is stored in another way",
            "Save it as a PNG with opacity, or in black and white without.",
        )  # fmt: skip


def _tiff_form(data: bytes) -> tuple[int, bool]:
    """Channels of a TIFF, and whether it has several pages; (1, False) for other files."""
    try:
        first = Directory(bytearray(data))
        return first.get(_TIFF_SAMPLES, 1), bool(first.next)
    except ValueError:
        return 1, False


def _jp2_channels(data: bytes) -> int:
    at = data[:256].find(b"ihdr")
    return int.from_bytes(data[at + 12 : at + 14], "big") if data[4:8] == b"jP  " and at > 0 else 0


def _has_transparent_grey(data: bytes) -> bool:
    """Whether this is a grey PNG of which one level is transparent."""
    return data.startswith(b"\x89PNG") and data[25] == 0 and b"tRNS" in data[: data.find(b"IDAT")]


def _eight_bit(samples: np.ndarray) -> np.ndarray:
    """uint8 (H, W), (H, W, 3) or (H, W, 4), rounded up, so that what is over 127/255 of white stays over it."""
    if np.issubdtype(samples.dtype, np.floating):
        samples = np.nan_to_num(samples)
        white = 1 if samples.max() <= _MAX_WHITE else 255  # levels of 8 bits, saved as floating point
        samples = np.ceil(np.clip(samples / white, 0, 1) * 255).astype(np.uint8)
    elif samples.dtype != np.uint8:
        white = np.iinfo(samples.dtype).max
        samples = (-(np.clip(samples, 0, None).astype(np.int64) * -255 // white)).astype(np.uint8)
    return samples if samples.ndim == 2 else samples[..., 0] if samples.shape[2] < 3 else samples


def _check_value_range(samples: np.ndarray, eight_bit: np.ndarray, path: Path) -> None:
    """Raise a MaskError for small whole numbers, in which labels are stored, or levels of 8 bits in a file of 16."""
    highest = int(eight_bit.max())
    if 0 < highest < BLACK:
        raise MaskError(
            f"a mask image whose values over {THRESHOLD} of 255 mean inpaint",
            f"{path.name!r} with no value over {samples.max():g}",
            "It looks like a 0/1 mask or like labels: multiply it, so that what is marked becomes white.",
        )
