"""`ArrayReader`: reads frames that are already in memory."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np

from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.errors import ClipError
from vidinpaint.video.info import SourceRange, VideoInfo
from vidinpaint.video.thumbnails import ScannedFrame, thumbnail


class ArrayReader:
    """Reads uint8 (T, H, W, 3) RGB; frame t is shown at t / rate seconds."""

    def __init__(
        self,
        frames: np.ndarray,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction = Fraction(25),
    ) -> None:
        if frames.ndim != 4 or frames.shape[3] != 3 or frames.dtype != np.uint8 or not frames.size:
            raise ClipError(
                "frames as uint8 (T, H, W, 3) in RGB", f"{frames.dtype} {frames.shape}", "Convert the array first."
            )
        self.start, self.end = start, end
        self._frames = frames
        _, height, width, _ = frames.shape
        self.info = VideoInfo(
            "", width, height, PixelFormat("gbrp", "rgb"), Colour("rgb", True), 1 / Fraction(rate), Fraction(rate)
        )

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        begin, end = frame_range(self.start, self.end, self.info.rate, len(self._frames))
        for index in range(begin, end):
            yield ScannedFrame(index, thumbnail(self._planes(index), self.info.format, height))

    def _planes(self, index: int) -> list[np.ndarray]:
        return list(np.moveaxis(self._frames[index], -1, 0))

    def locate(self, pts: np.ndarray) -> SourceRange:
        return SourceRange(0, 0, int(pts[0]), len(self._frames))

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        window_pts = np.asarray(pts[start:stop], np.int64)
        planes = tuple(np.ascontiguousarray(self._frames[window_pts, :, :, index]) for index in range(3))
        return Clip(planes, self.info.format, self.info.colour, window_pts, self.info.time_base, start)

    def reopen(self) -> "ArrayReader":
        return ArrayReader(self._frames, self.start, self.end, self.info.rate)

    def close(self) -> None:
        pass

    def __enter__(self) -> "ArrayReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def frame_range(start: Fraction | None, end: Fraction | None, rate: Fraction, count: int) -> tuple[int, int]:
    """Indices (begin, stop) of the frames from `start` up to but not including `end` seconds, at a constant rate."""
    begin = ceil((start or 0) * rate)
    stop = count if end is None else min(count, ceil(end * rate))
    if begin >= stop:
        raise ClipError(
            f"a time range inside {float(count / rate):.2f} seconds",
            "a range without any frame",
            "Give an earlier --start.",
        )
    return begin, stop
