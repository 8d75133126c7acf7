"""`open_reader`: one interface to the frames of a file, a folder or an array."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import ClipError
from vidinpaint.core.times import time_range
from vidinpaint.video.arrays.reader import ArrayReader
from vidinpaint.video.files.reader import FileReader
from vidinpaint.video.folders.reader import FolderReader
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame

__all__ = ["Reader", "ScannedFrame", "open_reader"]


class Reader(Protocol):
    """Reads frames of one source by index. `start` and `end` are the time range in seconds, as a player shows them."""

    start: Fraction | None
    end: Fraction | None

    @property
    def info(self) -> VideoInfo: ...

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        """Every frame of the range in one pass, at most `height` rows high; then `info.notes` is complete.

        Raises `ClipError` where a source cannot be read at all, and for a strict reader where it is damaged.
        """
        ...

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        """Frames start:stop of the range; pts int64 (T,) are the time stamps that a scan found."""
        ...

    def locate(self, pts: np.ndarray) -> SourceRange:
        """The position in the whole source of the frames that a scan found, pts int64 (T,). Decodes nothing."""
        ...

    def reopen(self) -> "Reader":
        """A second, independent reader of the same range; the caller closes it."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> "Reader": ...

    def __exit__(self, *_: object) -> None: ...


def open_reader(
    source: str | Path | np.ndarray,
    start: Fraction | None = None,
    end: Fraction | None = None,
    rate: Fraction | int = 25,
    strict: bool = True,
) -> Reader:
    """A reader of a video file, of a folder of frames in natural order, or of an array uint8 (T, H, W, 3) RGB.

    start, end    half-open time range in seconds, as a player shows them; default: the whole source
    rate          frames per second of folders and arrays, which have no time stamps; default 25
    strict        whether a video file that is damaged or truncated is refused; else what can be read is read, and the
                  last good frame is repeated where one cannot be decoded; default True
    Raises `ClipError` if nothing can be read.
    """
    if (start or 0) < 0 or (end is not None and end <= (start or 0)):
        remedy = "Give --start and --end in seconds or as mm:ss, as a player shows them."
        raise ClipError(
            "a time range that starts at 0 or later and ends after its start", time_range(start, end), remedy
        )
    if isinstance(source, np.ndarray):
        return ArrayReader(source, start, end, Fraction(rate))
    path = Path(source)
    if path.is_dir():
        return FolderReader(path, start, end, Fraction(rate))
    return FileReader(path, start, end, strict)
