"""Where holes that change from frame to frame are read from: a folder of pictures, a mask video, an array.

Each has `read(start, stop)`: bool (stop - start, H, W) of these frames of the clip, True = paint, made anew on every
call, so that nothing but the window in work is held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from vidinpaint.errors import MaskError
from vidinpaint.holes.picture import THRESHOLD, MaskSize, read_picture

CHUNK = 16  # frames of a mask video that are held as grey at a time


class MaskVideo(Protocol):
    """A video as far as masks need it; its maker decodes, this package does not."""

    @property
    def times(self) -> list[Fraction]:
        """Seconds from its first frame, increasing."""
        ...

    def read(self, start: int, stop: int) -> np.ndarray:
        """uint8 grey (stop - start, h, w) of its frames start:stop."""
        ...


ReadVideo = Callable[[Path], MaskVideo]


class Source(Protocol):
    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W) of the clip's frames start:stop."""
        ...


@dataclass(frozen=True)
class Folder:
    """One picture a frame of the clip."""

    pictures: tuple[Path, ...]
    size: MaskSize

    def read(self, start: int, stop: int) -> np.ndarray:
        return np.stack([read_picture(path, self.size) for path in self.pictures[start:stop]])


@dataclass(frozen=True)
class Frames:
    """An array (T, H, W) with one mask a frame of the clip, bool or uint8."""

    masks: np.ndarray
    size: MaskSize
    name: str

    def read(self, start: int, stop: int) -> np.ndarray:
        return np.stack([self.size.fit(as_holes(mask), self.name) for mask in self.masks[start:stop]])


@dataclass(frozen=True)
class Video:
    """A mask video; frame `first + i` of the clip is shown together with its frame matches[i]."""

    video: MaskVideo
    matches: np.ndarray
    first: int
    size: MaskSize
    name: str

    def read(self, start: int, stop: int) -> np.ndarray:
        wanted = self.matches[start - self.first : stop - self.first]
        chunks = [self._masks(wanted[at : at + CHUNK]) for at in range(0, len(wanted), CHUNK)]
        return np.concatenate(chunks)

    def _masks(self, wanted: np.ndarray) -> np.ndarray:
        low, high = int(wanted[0]), int(wanted[-1]) + 1
        grey = self.video.read(low, high)
        if len(grey) != high - low:
            raise MaskError(
                f"{high} frames in the mask video",
                f"{low + len(grey)} readable ones in {self.name}",
                "The file may be damaged: write it anew.",
            )
        return np.stack([self.size.fit(as_holes(grey[index - low]), self.name) for index in wanted])


def as_holes(mask: np.ndarray) -> np.ndarray:
    """bool, True = paint, of a bool or uint8 array."""
    return mask if mask.dtype == np.bool_ else mask > THRESHOLD
