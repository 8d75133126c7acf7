"""`Timeline`: the time stamps and the shots of a clip, from one look at all of its frames."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vidinpaint.planning.motion import shift
from vidinpaint.planning.shots import find_shots


@dataclass(frozen=True, eq=False)
class Timeline:
    """When and how the frames of a clip follow each other.

    pts     int64 (T,) in units of time_base seconds
    shots   half-open frame ranges, in order and without gaps
    motion  float32 (T,): how far the picture has shifted since the frame before, as a share of its height; 0 at first
    """

    pts: np.ndarray
    time_base: Fraction
    shots: tuple[tuple[int, int], ...]
    motion: np.ndarray

    def __len__(self) -> int:
        return len(self.pts)


def make_timeline(frames: Iterable[tuple[int, np.ndarray]], time_base: Fraction) -> Timeline:
    """From the time stamp and the uint8 grey thumbnail (h, w) of every frame; holds a few thumbnails at a time."""
    pts: list[int] = []
    motion: list[float] = []

    def thumbnails() -> Iterator[np.ndarray]:
        before: np.ndarray | None = None
        for stamp, grey in frames:
            pts.append(stamp)
            motion.append(0.0 if before is None else shift(before, grey))
            before = grey
            yield grey

    shots = find_shots(thumbnails())
    return Timeline(np.array(pts, np.int64), time_base, shots, np.array(motion, np.float32))
