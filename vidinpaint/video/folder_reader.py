"""`FolderReader`: reads a folder of images as a clip, in natural order of their names (2 before 10)."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.errors import ClipError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.numerics.image_decoding import decode_upright
from vidinpaint.video.array_reader import frame_range
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame, thumbnail

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def frames_in(folder: Path) -> list[Path]:
    """The image files of a folder in natural order, without hidden files."""
    files = [file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")]
    return natural_order(files)


class FolderReader:
    """Reads `folder`; frame t is shown at t / rate seconds. Grey or RGB, with or without alpha, 8 or 16 bits.

    Frames are turned upright as their EXIF tags ask, because the results are files without such a tag.
    """

    def __init__(
        self,
        folder: Path,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction = Fraction(25),
    ) -> None:
        self.start, self.end = start, end
        self.files = frames_in(folder)
        if not self.files:
            raise ClipError(
                "a folder of frames", f"no image in '{folder}'", f"Give a folder with {', '.join(SUFFIXES)} files."
            )
        first = self._load(0)
        height, width = first.shape[:2]
        self._last: Clip | None = None
        self.info = VideoInfo(
            str(folder), width, height, _format_of(first), Colour("rgb", True), 1 / Fraction(rate), Fraction(rate)
        )

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        begin, end = frame_range(self.start, self.end, self.info.rate, len(self.files))
        for index in range(begin, end):
            yield ScannedFrame(index, thumbnail(self._planes(index), self.info.format, height))

    def locate(self, pts: np.ndarray) -> SourceRange:
        return SourceRange(0, int(pts[0]), len(self.files))

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
        image = self._load(index)
        format, info = _format_of(image), self.info
        if image.shape[:2] != (info.height, info.width) or format.bits != info.format.bits:
            raise ClipError(
                f"frames of {info.width}x{info.height} with {info.format.bits} bits, like the first one",
                f"'{self.files[index]}' with {image.shape[1]}x{image.shape[0]} and {format.bits} bits",
                "Convert all frames to one size and depth.",
            )
        return _to_planes(image, info.format)

    def _load(self, index: int) -> np.ndarray:
        file = self.files[index]
        image = decode_upright(np.fromfile(file, np.uint8)) if file.stat().st_size else None
        if image is None or image.dtype not in (np.uint8, np.uint16):
            raise ClipError("an image of 8 or 16 bits", f"'{file}', which is not one", "Replace or remove that file.")
        return image if image.ndim == 3 else image[..., None]

    def reopen(self) -> "FolderReader":
        return FolderReader(Path(self.info.path), self.start, self.end, self.info.rate)

    def close(self) -> None:
        self._last = None

    def __enter__(self) -> "FolderReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _format_of(image: np.ndarray) -> PixelFormat:
    channels = image.shape[2]
    alpha = channels in (2, 4)
    name = "gray" if channels == 1 else "gbrap" if alpha else "gbrp"
    if image.dtype == np.uint16:
        name += "16le"
    return PixelFormat(name, "grey" if channels == 1 else "rgb", 8 * image.dtype.itemsize, alpha=alpha)


def _to_planes(image: np.ndarray, format: PixelFormat) -> list[np.ndarray]:
    """OpenCV's B, G, R (, A) as planes; a grey frame in an RGB clip gives three equal planes."""
    channels = image.shape[2]
    colours = [image[..., 0]] * 3 if channels < 3 else [image[..., index] for index in (2, 1, 0)]
    if format.kind == "grey":
        return [image[..., 0] if channels < 3 else cv2.cvtColor(image[..., :3], cv2.COLOR_BGR2GRAY)]
    if not format.alpha:
        return colours
    opaque = np.full(image.shape[:2], np.iinfo(image.dtype).max, image.dtype)
    return [*colours, image[..., -1] if channels in (2, 4) else opaque]
