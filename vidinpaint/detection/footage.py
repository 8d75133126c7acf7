"""`Footage`: the clip as a search for text or marks sees it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

ReadFrames = Callable[[int, int], np.ndarray]


@dataclass(frozen=True)
class Footage:
    """A clip, frame by frame; nothing is read before it is asked for. Ranges of frames are half-open.

    height, width  pixels of the clip as players show it
    times          seconds of each frame after the first one, increasing; as many as there are frames
    shots          frame ranges without a cut, in order and without gaps
    rgb            rgb(start, stop): uint8 (stop - start, H, W, 3) RGB
    grey           grey(start, stop): uint8 (stop - start, H, W), luma; much cheaper than `rgb`
    progress       called with the number of frames that a pass over the clip has got further

    Reading frames in order is cheap; a jump costs the decoding from the keyframe before.
    """

    height: int
    width: int
    times: tuple[Fraction, ...]
    shots: tuple[tuple[int, int], ...]
    rgb: ReadFrames
    grey: ReadFrames
    progress: Callable[[int], None] = lambda _: None

    def __len__(self) -> int:
        return len(self.times)

    def cut(self, start: int, stop: int) -> "Footage":
        """The frames start:stop, counted from 0."""
        shots = [(max(first, start) - start, min(last, stop) - start) for first, last in self.shots]
        return replace(
            self,
            times=tuple(time - self.times[start] for time in self.times[start:stop]),
            shots=tuple((first, last) for first, last in shots if first < last),
            rgb=lambda first, last: self.rgb(first + start, last + start),
            grey=lambda first, last: self.grey(first + start, last + start),
        )
