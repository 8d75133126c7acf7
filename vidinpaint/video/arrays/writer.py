"""`ArrayWriter`: keeps the result in memory as one array."""

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.window import Box
from vidinpaint.video.pixels.colour import rgb_from_planes


class ArrayWriter:
    """`frames` is uint8 (T, H, W, 3) RGB after `finish`."""

    def __init__(self) -> None:
        self.frames = np.empty((0, 0, 0, 3), np.uint8)
        self._windows: list[np.ndarray] = []

    def write(self, index: int, clip: Clip) -> None:
        self._windows.append(rgb8(clip))

    def finish(self) -> list[str]:
        if self._windows:
            self.frames = np.concatenate(self._windows)
        self._windows = []
        return []

    def copy(self) -> None:
        return None

    def __enter__(self) -> "ArrayWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def abort(self) -> None:
        self._windows = []


def rgb8(clip: Clip) -> np.ndarray:
    """All frames of a clip as uint8 (T, H, W, 3) RGB; 8-bit RGB stays as it is."""
    if clip.format.kind == "rgb" and clip.format.bits == 8:
        return np.stack(clip.planes[:3], axis=-1)
    result = np.empty((len(clip), clip.height, clip.width, 3), np.uint8)
    box = Box(0, 0, clip.width, clip.height)
    for t in range(len(clip)):  # frame by frame, because float pixels take twelve times the memory
        index = clip.first + t
        result[t] = np.rint(255 * rgb_from_planes(clip.cut(index, index + 1), box)[0])
    return result
