"""Which frames of a clip a mask applies to: time ranges as frame ranges, and mask videos matched by time.

All arithmetic is exact (integers and fractions): time is counted from the first frame of each, so that 23.976
and 24000/1001 frames per second, time stamps rounded to milliseconds and variable rates need no special case.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from vidinpaint.core.errors import MaskError


def frames_between(
    start: Fraction, stop: Fraction | None, pts: np.ndarray, time_base: Fraction, origin: int | None = None
) -> tuple[int, int]:
    """The frames with start <= time < stop, as a half-open range of indices; equal ends where there are none.

    Times are seconds after the time stamp `origin`. Default: None, the first of pts.
    """
    zero = int(pts[0]) if origin is None else origin

    def first_from(time: Fraction) -> int:
        return int(np.searchsorted(pts, zero + math.ceil(time / time_base)))

    return first_from(start), len(pts) if stop is None else first_from(stop)


def match_by_time(clip: Sequence[Fraction], mask: Sequence[Fraction], interval: Fraction, name: str) -> np.ndarray:
    """int64 (len(clip),): for each time of the clip, the index of the mask frame on screen.

    clip, mask   seconds, increasing
    interval     how long the last frame of the clip lasts, seconds

    A mask frame counts as on screen up to half a frame (of the faster of the two) before it starts: time stamps are
    rounded, and equal rates must match frame by frame. A longer tolerance would be wrong where the mask video has a
    variable rate and omits repeated frames. Raises MaskError if the mask video ends more than one of its own frames
    before the clip does.
    """
    own = mask[-1] - mask[-2] if len(mask) > 1 else interval
    if clip[-1] + interval - (mask[-1] + own) > own:
        raise MaskError(
            f"a mask video of at least {float(clip[-1] + interval):.3f} s",
            f"{name} of {float(mask[-1] + own):.3f} s",
            "Give a longer one, or limit it to the time that it covers with @START-END behind its name.",
        )
    chosen = np.empty(len(clip), np.int64)
    index = 0
    for frame, time in enumerate(clip):
        lasts = clip[frame + 1] - time if frame + 1 < len(clip) else interval
        while index + 1 < len(mask) and mask[index + 1] - time <= min(lasts, mask[index + 1] - mask[index]) / 2:
            index += 1
        chosen[frame] = index
    return chosen
