"""`FolderReader`: a folder of pictures as a clip, in natural order of their names (2 before 10)."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.errors import ClipError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.video.array_reader import frame_range
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame, thumbnail

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def frames_in(folder: Path) -> list[Path]:
    """The pictures of a folder in natural order; hidden files are left out."""
    files = [file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")]
    return natural_order(files)


class FolderReader:
    """Reads `folder`; frame t is shown at t / rate seconds. Grey, colour, alpha, 8 and 16 bit; one size for all."""

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
                "a folder of frames", f"no picture in '{folder}'", f"Give one with {', '.join(SUFFIXES)} files."
            )
        first = self._load(0)
        height, width = first.shape[:2]
        self._last: Clip | None = None
        self._info = VideoInfo(
            str(folder), width, height, _format_of(first), Colour("rgb", True), 1 / Fraction(rate), Fraction(rate),
            codec="pictures",
        )  # fmt: skip

    @property
    def info(self) -> VideoInfo:
        return self._info

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        begin, end = frame_range(self.start, self.end, self._info.rate, len(self.files))
        for index in range(begin, end):
            yield ScannedFrame(index, thumbnail(self._planes(index), self._info.format, height))

    def locate(self, pts: np.ndarray) -> SourceRange:
        return SourceRange(0, int(pts[0]), len(self.files))

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        wanted = np.asarray(pts[start:stop], np.int64)
        frames = [self._known(index) or self._planes(int(stamp)) for index, stamp in enumerate(wanted, start)]
        planes = tuple(np.stack(plane) for plane in zip(*frames))
        self._last = Clip(planes, self._info.format, self._info.colour, wanted, self._info.time_base, start)
        return self._last

    def _known(self, index: int) -> list[np.ndarray] | None:
        """The planes of a frame that the last window has read too."""
        last = self._last
        if last is None or not last.first <= index < last.first + len(last):
            return None
        return [plane[index - last.first] for plane in last.planes]

    def _planes(self, index: int) -> list[np.ndarray]:
        picture = self._load(index)
        format = _format_of(picture)
        info = self._info
        if picture.shape[:2] != (info.height, info.width) or format.bits != info.format.bits:
            raise ClipError(
                f"frames of {info.width}x{info.height} with {info.format.bits} bits, as the first",
                f"'{self.files[index]}' with {picture.shape[1]}x{picture.shape[0]} and {format.bits} bits",
                "Make all frames alike.",
            )
        return _to_planes(picture, info.format)

    def _load(self, index: int) -> np.ndarray:
        file = self.files[index]
        picture = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_UNCHANGED) if file.stat().st_size else None
        if picture is None or picture.dtype not in (np.uint8, np.uint16):
            raise ClipError("a picture of 8 or 16 bits", f"'{file}', which is none", "Replace or remove that file.")
        return picture if picture.ndim == 3 else picture[..., None]

    def reopen(self) -> "FolderReader":
        return FolderReader(Path(self._info.path), self.start, self.end, self._info.rate)

    def close(self) -> None:
        self._last = None

    def __enter__(self) -> "FolderReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _format_of(picture: np.ndarray) -> PixelFormat:
    channels = picture.shape[2]
    alpha = channels in (2, 4)
    name = "gray" if channels == 1 else "gbrap" if alpha else "gbrp"
    if picture.dtype == np.uint16:
        name += "16le"
    return PixelFormat(name, "grey" if channels == 1 else "rgb", 8 * picture.dtype.itemsize, alpha=alpha)


def _to_planes(picture: np.ndarray, format: PixelFormat) -> list[np.ndarray]:
    """OpenCV's B, G, R (, A) as planes; a grey frame among coloured ones gives three equal planes."""
    channels = picture.shape[2]
    colours = [picture[..., 0]] * 3 if channels < 3 else [picture[..., index] for index in (2, 1, 0)]
    if format.kind == "grey":
        return [picture[..., 0] if channels < 3 else cv2.cvtColor(picture[..., :3], cv2.COLOR_BGR2GRAY)]
    if not format.alpha:
        return colours
    opaque = np.full(picture.shape[:2], np.iinfo(picture.dtype).max, picture.dtype)
    return [*colours, picture[..., -1] if channels in (2, 4) else opaque]
