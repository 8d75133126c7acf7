"""Mask videos and frames of the clip, as `vidinpaint.masks` reads them."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import numpy as np

from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import Reader, open_reader


class MaskVideo:
    """A video as upright frames, as `vidinpaint.masks.sources.interface.MaskVideo` requires. Raises `ClipError`."""

    def __init__(self, path: Path) -> None:
        self._reader = open_reader(path)
        self._lock = Lock()  # one thread reads windows ahead while others read the masks of reference frames
        base = self._reader.info.time_base
        self._pts = np.array([scanned.pts for scanned in self._reader.scan(height=8)], np.int64)
        self.times = [(int(pts) - int(self._pts[0])) * base for pts in self._pts]
        """Presentation time of each frame, in seconds after the first."""

    def read(self, start: int, stop: int) -> Iterator[np.ndarray]:
        """Each of the frames start:stop as uint8 (H, W, 3) RGB, or (H, W, 4) RGBA if the video has opacity."""
        with self._lock:
            clip = self._reader.read(self._pts, start, stop)
        for t in range(start, stop):
            frame = clip.cut(t, t + 1)
            image = rgb8(frame)[0]
            if clip.format.alpha:
                image = np.dstack([image, _eight_bit(frame.planes[-1][0], clip.format.bits)])
            yield np.ascontiguousarray(self._reader.info.turn(image))


def _eight_bit(opacity: np.ndarray, bits: int) -> np.ndarray:
    return (opacity >> (bits - 8)).astype(np.uint8)


class ClipFrames:
    """The frames of a clip, for masks that depend on them; has its own reader, opened at the first call."""

    def __init__(self, reader: Reader, pts: np.ndarray) -> None:
        self._source, self._pts = reader, pts
        self._reader: Reader | None = None
        self._lock = Lock()  # as in `MaskVideo`

    def __call__(self, start: int, stop: int) -> np.ndarray:
        """uint8 (stop - start, H, W, 3) RGB: frames start:stop, as players show them."""
        with self._lock:
            self._reader = self._reader or self._source.reopen()
            return self._reader.info.turn(rgb8(self._reader.read(self._pts, start, stop)), rows=1)
