"""`Timeline`: the time stamps and the shots of a clip, from one look at all of its frames."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vidinpaint.planning.shots import find_shots


@dataclass(frozen=True, eq=False)
class Timeline:
    """pts int64 (T,) in units of time_base seconds; shots half-open frame ranges, in order and without gaps."""

    pts: np.ndarray
    time_base: Fraction
    shots: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.pts)


def make_timeline(frames: Iterable[tuple[int, np.ndarray]], time_base: Fraction) -> Timeline:
    """From the time stamp and the uint8 grey thumbnail (h, w) of every frame; holds a few thumbnails at a time."""
    pts: list[int] = []

    def thumbnails() -> Iterator[np.ndarray]:
        for stamp, grey in frames:
            pts.append(stamp)
            yield grey

    shots = find_shots(thumbnails())
    return Timeline(np.array(pts, np.int64), time_base, shots)
