"""The median over time, for a static camera: the colour that most frames show at a pixel is the background.

Each mask pixel becomes, colour by colour, the median of its values in the frames where it is known (for an even number,
the mean of the two middle ones). Pixels that no frame shows are inpainted once in the median image, by `harmonic`, so
that they are the same in all frames.

When to use: static cameras only; a moving camera blurs. Cost: T log T per pixel. Source: the usual background model of
video surveillance, such as Cucchiara, Grana, Piccardi, Prati 2003, Detecting Moving Objects, Ghosts, and Shadows in
Video Streams.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.inpainters.interface import VideoInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.numerics.kernels import kernel, run_in_ranges


@dataclass(frozen=True)
class TemporalMedian(VideoInpainter):
    """Median over time of the other frames: for static cameras only."""

    def margin(self, height: int, width: int) -> int:
        return 1

    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """See `VideoInpainter`."""
        never_seen = np.logical_and.reduce(masks)
        background = median_of_known(frames, masks)
        if never_seen.any():
            background = inpaint_array(Harmonic(), background, never_seen)
        return np.where(masks[..., None], background, frames)


def median_of_known(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(H, W, 3): the median over the frames (T, H, W, 3) in which a pixel is known; zero if it is known in none."""
    result = np.zeros(frames.shape[1:], frames.dtype)
    run_in_ranges(_median_of_known, len(result), frames, masks, result)
    return result


@kernel
def _median_of_known(start, stop, frames, masks, result):  # type: ignore[no-untyped-def]
    T, _, W, colours = frames.shape
    values = np.empty(T, frames.dtype)
    for y in range(start, stop):
        for x in range(W):
            for c in range(colours):
                count = 0
                for t in range(T):
                    if not masks[t, y, x]:
                        values[count] = frames[t, y, x, c]
                        count += 1
                if count > 0:
                    known = np.sort(values[:count])
                    result[y, x, c] = (known[(count - 1) // 2] + known[count // 2]) / 2
