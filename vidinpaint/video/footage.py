"""`open_footage`: a clip as a search for text and marks reads it."""

from collections.abc import Callable

import cv2
import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.detection.footage import Footage
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import Reader


def open_footage(
    reader: Reader, pts: np.ndarray, shots: tuple[tuple[int, int], ...], progress: Callable[[int], None]
) -> Footage:
    """The footage of an open reader, whose scan has found the time stamps pts int64 (T,) and the shots."""
    width, height = reader.info.shown_size
    base, turn = reader.info.time_base, reader.info.turn

    def rgb(start: int, stop: int) -> np.ndarray:
        return np.ascontiguousarray(turn(rgb8(reader.read(pts, start, stop)), rows=1))

    def grey(start: int, stop: int) -> np.ndarray:
        return np.ascontiguousarray(turn(grey8(reader.read(pts, start, stop)), rows=1))

    times = tuple((int(stamp) - int(pts[0])) * base for stamp in pts)
    return Footage(height, width, times, shots, rgb, grey, progress)


def grey8(clip: Clip) -> np.ndarray:
    """The luma codes of all frames as uint8 (T, H, W); of RGB, a mean with BT.601 weights."""
    if clip.format.kind == "rgb":
        return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in rgb8(clip)])
    return np.asarray(clip.planes[0] >> max(0, clip.format.bits - 8), np.uint8)
