"""`Footage`: the clip as a search for text or marks sees it."""

from collections.abc import Callable
from dataclasses import dataclass
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
