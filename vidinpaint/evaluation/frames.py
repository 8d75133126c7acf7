"""Frames of a clip one after the other, so that memory does not grow with its length."""

from collections.abc import Iterator

import numpy as np

from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import Reader


def time_stamps(reader: Reader, progress: Progress) -> np.ndarray:
    """int64 (T,): the time stamps of all frames, found by a scan; a step of progress for each of them."""
    pts = []
    for scanned in reader.scan(height=8):
        progress.advance(1)
        pts.append(scanned.pts)
    return np.array(pts, np.int64)


def frames(reader: Reader, pts: np.ndarray, progress: Progress | None = None) -> Iterator[np.ndarray]:
    """Each frame as uint8 (H, W, 3) RGB, as players show it; a step of progress for each of them."""
    progress = progress or SilentProgress()
    for t in range(len(pts)):
        yield np.ascontiguousarray(reader.info.turn(rgb8(reader.read(pts, t, t + 1))[0]))
        progress.advance(1)
