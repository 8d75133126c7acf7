"""`open_reader`: one way to get at the frames of a file, a folder or an array."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import ClipError
from vidinpaint.core.times import time_range
from vidinpaint.video.array_reader import ArrayReader
from vidinpaint.video.file_reader import FileReader
from vidinpaint.video.folder_reader import FolderReader
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame

__all__ = ["Reader", "ScannedFrame", "open_reader"]


class Reader(Protocol):
    """Frames of one source, by index. `start` and `end` are the range chosen, seconds from the first frame."""

    start: Fraction | None
    end: Fraction | None

    @property
    def info(self) -> VideoInfo: ...

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        """Every frame of the range in one pass, at most `height` rows high. Raises `ClipError`."""
        ...

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        """Frames start:stop of those a scan found; pts int64 (T,) is that scan's list."""
        ...

    def locate(self, pts: np.ndarray) -> SourceRange:
        """Where the frames that a scan found, pts int64 (T,), lie in the whole source."""
        ...

    def reopen(self) -> "Reader":
        """Another reader of the same range, to be used beside this one and closed."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> "Reader": ...

    def __exit__(self, *_: object) -> None: ...


def open_reader(
    source: str | Path | np.ndarray,
    start: Fraction | None = None,
    end: Fraction | None = None,
    rate: Fraction | int = 25,
) -> Reader:
    """A reader of a video file, of a folder of frames in natural order, or of an array uint8 (T, H, W, 3) RGB.

    start, end    seconds from the first frame, half-open; None for all
    rate          frames a second of folders and arrays, which have no times of their own
    Raises `ClipError` where nothing can be read.
    """
    if (start or 0) < 0 or (end is not None and end <= (start or 0)):
        remedy = "Give --start and --end in seconds or as mm:ss, counted from the first frame."
        raise ClipError("a time range that ends after it starts, not before 0", time_range(start, end), remedy)
    if isinstance(source, np.ndarray):
        return ArrayReader(source, start, end, Fraction(rate))
    path = Path(source)
    if path.is_dir():
        return FolderReader(path, start, end, Fraction(rate))
    return FileReader(path, start, end)
