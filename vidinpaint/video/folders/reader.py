"""`FolderReader`: reads a folder of images as a clip, in natural order of their names (2 before 10)."""

from collections import Counter
from collections.abc import Iterator
from copy import copy
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.errors import ClipError, ImageError
from vidinpaint.core.numbering import numbers_of
from vidinpaint.numerics.image_decoding import decode_upright
from vidinpaint.video.arrays.reader import frame_range
from vidinpaint.video.folders.frame_files import frame_files
from vidinpaint.video.folders.still_header import StillFormat, richest, still_format
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame, thumbnail

_REPLACE = "Replace, convert or remove that file."


class FolderReader:
    """Reads `folder`; frame t is shown at t / rate seconds. Grey or RGB, with or without alpha, 8 or 16 bits.

    Frames are turned upright as their EXIF tags ask, because the results are files without such a tag. Where the frames
    are of several formats, all are read in the one that holds every frame: grey as three equal channels, 8 bits
    multiplied by 257, no opacity as full opacity.
    """

    def __init__(
        self,
        folder: Path,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction = Fraction(25),
    ) -> None:
        self.start, self.end = start, end
        self.files, notes = frame_files(folder)
        first = self._load(0)
        height, width = first.shape[:2]
        self._last: Clip | None = None
        formats = Counter(still_format(file) or _still_format_of(self._load(i)) for i, file in enumerate(self.files))
        common = richest(list(formats))
        if len(formats) > 1:
            counts = ", ".join(f"{count} {format.words}" for format, count in formats.most_common())
            notes.append(f"the frames differ in kind ({counts}): all are treated as {common.words}")
        self.info = VideoInfo(
            str(folder), width, height, _pixel_format(common), Colour("rgb", True), 1 / Fraction(rate), Fraction(rate),
            notes=tuple(notes),
        )  # fmt: skip

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        begin, end = frame_range(self.start, self.end, self.info.rate, len(self.files))
        for index in range(begin, end):
            yield ScannedFrame(index, thumbnail(self._planes(index), self.info.format, height))

    def locate(self, pts: np.ndarray) -> SourceRange:
        numbers = numbers_of([file.stem for file in self.files])
        return SourceRange(0, 0, int(pts[0]), len(self.files), None if numbers is None else tuple(numbers))

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        window_pts = np.asarray(pts[start:stop], np.int64)
        frames = [self._reused(index) or self._planes(int(stamp)) for index, stamp in enumerate(window_pts, start)]
        planes = tuple(np.stack(plane) for plane in zip(*frames))
        self._last = Clip(planes, self.info.format, self.info.colour, window_pts, self.info.time_base, start)
        return self._last

    def _reused(self, index: int) -> list[np.ndarray] | None:
        """The planes of a frame if the last window contains it."""
        last = self._last
        if last is None or not last.first <= index < last.first + len(last):
            return None
        return [plane[index - last.first] for plane in last.planes]

    def _planes(self, index: int) -> list[np.ndarray]:
        image, info = self._load(index), self.info
        if image.shape[:2] != (info.height, info.width):
            raise ClipError(
                f"frames of {info.width} x {info.height}, like the first one",
                f"'{self.files[index]}' of {image.shape[1]} x {image.shape[0]}",
                "Convert all frames to one size, or move those of another clip to another folder.",
            )
        return _to_planes(image, info.format)

    def _load(self, index: int) -> np.ndarray:
        file = self.files[index]
        try:
            data = np.fromfile(file, np.uint8)
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise ClipError("a frame that can be read", f"'{file}' ({reason})", "Check the folder.") from error
        if not data.size:
            raise ClipError("a frame", f"the empty file '{file}'", _REPLACE)
        try:
            image = decode_upright(data, f"'{file}'")
        except ImageError as error:
            raise ClipError(error.expected, error.actual, _REPLACE) from error
        if image.dtype not in (np.uint8, np.uint16):
            raise ClipError("frames of 8 or 16 bits", f"'{file}' with {image.dtype} samples", _REPLACE)
        return image if image.ndim == 3 else image[..., None]

    def reopen(self) -> "FolderReader":
        other = copy(self)
        other._last = None
        return other

    def close(self) -> None:
        self._last = None

    def __enter__(self) -> "FolderReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _still_format_of(image: np.ndarray) -> StillFormat:
    return StillFormat(4 if image.shape[2] == 2 else image.shape[2], 8 * image.dtype.itemsize)


def _pixel_format(format: StillFormat) -> PixelFormat:
    name = {1: "gray", 3: "gbrp", 4: "gbrap"}[format.channels] + ("16le" if format.bits == 16 else "")
    return PixelFormat(name, "grey" if format.channels == 1 else "rgb", format.bits, alpha=format.channels == 4)


def _to_planes(image: np.ndarray, format: PixelFormat) -> list[np.ndarray]:
    """OpenCV's B, G, R (, A) as planes; a grey frame in an RGB clip gives three equal planes."""
    if format.bits == 16 and image.dtype == np.uint8:
        image = image.astype(np.uint16) * 257
    channels = image.shape[2]
    colours = [image[..., 0]] * 3 if channels < 3 else [image[..., index] for index in (2, 1, 0)]
    if format.kind == "grey":
        return colours[:1]
    if not format.alpha:
        return colours
    opaque = np.full(image.shape[:2], np.iinfo(image.dtype).max, image.dtype)
    return [*colours, image[..., -1] if channels in (2, 4) else opaque]
