"""`sampled`: the frames in which text is looked for; `Track`: a line of text seen in several of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.footage import Footage

INTERVAL = Fraction(2, 5)
"""Seconds between sampled frames: few subtitles are shown for less than twice that, and fades last about as long."""


@dataclass(eq=False)
class Track:
    """A line of text in the sampled frames first to last.

    box            in the frame `first`
    confidence     the highest score of the detector
    after, before  the nearest sampled frames that do not show it: after < first, last < before; where there are none,
                   -1 and the number of frames
    look           float32 (box.height, box.width): its high frequencies when it was last seen
    hits           sampled frames in which the detector found it
    """

    box: Box
    first: int
    last: int
    confidence: float
    after: int
    before: int
    look: np.ndarray
    hits: int = 1


def sampled(footage: Footage) -> list[int]:
    """Frame numbers, increasing: about every `INTERVAL`, and the first and last frame of each shot."""
    frames: set[int] = set()
    for start, stop in footage.shots:
        frames |= {start, stop - 1}
        frames |= set(_spaced(footage.times, start, stop))
    return sorted(frames)


def _spaced(times: tuple[Fraction, ...], start: int, stop: int) -> Iterable[int]:
    due = times[start]
    for frame in range(start, stop):
        if times[frame] >= due:
            yield frame
            due = times[frame] + INTERVAL
