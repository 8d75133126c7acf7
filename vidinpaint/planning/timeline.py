"""`Timeline`: the time stamps and the shots of a clip, from one pass over its frames."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vidinpaint.planning.motion import shift
from vidinpaint.planning.shots import find_shots


@dataclass(frozen=True, eq=False)
class Timeline:
    """The times, shots and camera motion of a clip.

    pts     int64 (T,) in units of time_base seconds
    shots   half-open frame ranges, in order and without gaps
    motion  float32 (T,): shift of each frame from the previous one, relative to the height; 0 for the first frame
    """

    pts: np.ndarray
    time_base: Fraction
    shots: tuple[tuple[int, int], ...]
    motion: np.ndarray

    def __len__(self) -> int:
        return len(self.pts)


def make_timeline(frames: Iterable[tuple[int, np.ndarray]], time_base: Fraction) -> Timeline:
    """The timeline of frames given as (time stamp, uint8 grey thumbnail (h, w)); holds a few thumbnails at a time."""
    pts: list[int] = []
    motion: list[float] = []

    def thumbnails() -> Iterator[np.ndarray]:
        previous: np.ndarray | None = None
        for stamp, grey in frames:
            pts.append(stamp)
            motion.append(0.0 if previous is None else shift(previous, grey))
            previous = grey
            yield grey

    shots = find_shots(thumbnails())
    return Timeline(np.array(pts, np.int64), time_base, shots, np.array(motion, np.float32))
