"""What every flow method offers: motion between given pairs of neighbouring frames, both ways."""

from typing import Protocol

import numpy as np


class FlowMethod(Protocol):
    """A frozen dataclass whose fields are its settings; one a file, found by the name of the file."""

    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Flow forward and backward, each float32 (T - 1, H, W, 2) as (dx, dy) in pixels.

        frames float32 (T, H, W, 3) RGB in [0, 1] without holes; wanted bool (T - 1,): pairs to estimate, the others
        stay zero.
        """
        ...

    def for_halved(self, times: int) -> "FlowMethod":
        """The method for frames that were halved so many times, as exact there as on whole ones where it can be."""
        ...
