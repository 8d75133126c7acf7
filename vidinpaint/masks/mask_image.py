"""Reads one mask image: any format that OpenCV reads, 1, 8 or 16 bit or float, grey, palette or colour.

A pixel is inpainted where its largest colour channel is over 127 of 255, so that the coloured label images of DAVIS
(palette 128,0,0) work as well as black and white. Opacity decides where the colour is the same everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError

THRESHOLD = 127
EXTENSIONS = frozenset(
    f".{name}"
    for name in "png jpg jpeg jpe jp2 bmp dib tif tiff webp avif gif pgm pbm ppm pnm exr hdr".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class MaskSize:
    """The clip's size in pixels, and whether masks of another size are scaled to it (nearest) or are an error."""

    width: int
    height: int
    resize: bool = False

    def fit(self, mask: np.ndarray, name: str) -> np.ndarray:
        """The mask (H, W) in the clip's size. Raises MaskError where it has another size and `resize` is False."""
        height, width = mask.shape
        if (width, height) == (self.width, self.height):
            return mask
        if not self.resize:
            raise MaskError(
                f"a mask of {self.width} x {self.height}",
                f"{width} x {height} {name}",
                "Use --resize-mask (in Python resize_mask=True) if it shows the same frame at another scale.",
            )
        scaled = cv2.resize(mask.view(np.uint8), (self.width, self.height), interpolation=cv2.INTER_NEAREST_EXACT)
        return scaled.view(mask.dtype)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps OpenCV from writing about broken files to stderr; the error that is raised explains it in one line."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)


def is_image(path: Path) -> bool:
    """Whether OpenCV reads the file as one image; an animation, whose frames have times, is not one."""
    try:
        with quiet():
            return bool(cv2.haveImageReader(str(path))) and cv2.imcount(str(path), cv2.IMREAD_UNCHANGED) == 1
    except cv2.error:
        return False


def read_mask_image(path: Path, size: MaskSize) -> np.ndarray:
    """bool (H, W), True = inpaint. Raises MaskError where it is unreadable, has another size, or is a 0/1 mask."""
    samples = _decode(path)
    colour = _mask_values(samples)
    if not np.issubdtype(colour.dtype, np.floating):
        _check_value_range(colour, path)
    return size.fit(colour > THRESHOLD * (_white(colour.dtype) / 255), repr(path.name))


def _decode(path: Path) -> np.ndarray:
    remedy = "Give an image that opens in an image viewer, such as a PNG."
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise MaskError(
            "a mask image", f"{str(path)!r} ({reason.lower()})", "Check the name and the permissions."
        ) from error
    if not data.size:
        raise MaskError("a mask image", f"an empty file {str(path)!r}", remedy)
    try:
        with quiet():
            samples = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        samples = None
    if samples is None or not samples.size:
        raise MaskError("a mask image", f"an unreadable file {str(path)!r}", remedy)
    return samples


def _mask_values(samples: np.ndarray) -> np.ndarray:
    """(H, W): the largest colour channel, or the opacity where the colour is the same everywhere."""
    if samples.ndim == 2:
        return samples
    channels = samples.shape[2]
    colours = samples[..., : channels - 1] if channels in (2, 4) else samples
    if channels in (2, 4) and (colours == colours[0, 0]).all():
        opacity = samples[..., -1]
        if opacity.min() != opacity.max():
            return opacity
    return np.asarray(colours.max(axis=2))


def _white(kind: np.dtype) -> float:
    return 1.0 if np.issubdtype(kind, np.floating) else float(np.iinfo(kind).max)


def _check_value_range(colour: np.ndarray, path: Path) -> None:
    if colour.max() == 1:
        raise MaskError(
            "a mask image whose values over 127 mean inpaint",
            f"{path.name!r} with no value over 1",
            "It looks like a 0/1 mask: multiply it by 255.",
        )
