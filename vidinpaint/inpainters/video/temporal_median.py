"""The median over time, for a static camera: what most frames show at a pixel is the background.

Each mask pixel becomes, colour by colour, the median of the values that the other frames show there (an even count:
the mean of the two middle ones). What no frame shows is inpainted once on that median picture, by `harmonic`, so that
it is the same in every frame. The frames must be aligned: a moving camera blurs. Cost: T log T a mask pixel.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.inpainters.interface import VideoInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.numerics.kernels import kernel, run_in_ranges


@dataclass(frozen=True)
class TemporalMedian(VideoInpainter):
    """Median over time of what other frames show: for static cameras only."""

    def margin(self, height: int, width: int) -> int:
        return 1

    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """See `VideoInpainter`."""
        never_seen = np.logical_and.reduce(masks)
        picture = median_of_known(frames, masks)
        if never_seen.any():
            picture = inpaint_array(Harmonic(), picture, never_seen)
        return np.where(masks[..., None], picture, frames)


def median_of_known(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(H, W, 3), the median over the frames (T, H, W, 3) that know a pixel; zero where none does."""
    picture = np.zeros(frames.shape[1:], frames.dtype)
    run_in_ranges(_median_of_known, len(picture), frames, masks, picture)
    return picture


@kernel
def _median_of_known(start, stop, frames, masks, picture):  # type: ignore[no-untyped-def]
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
                    picture[y, x, c] = (known[(count - 1) // 2] + known[count // 2]) / 2
