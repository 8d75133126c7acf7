"""What every flow method offers: motion between given pairs of neighbouring frames, both ways."""

from abc import ABC, abstractmethod

import numpy as np

from vidinpaint.core.settings import Settings


class FlowMethod(Settings, ABC):
    """Estimates optical flow. A frozen dataclass whose fields are its settings, in a file of the same name."""

    @abstractmethod
    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Flow forward and backward, each float32 (T - 1, H, W, 2) as (dx, dy) in pixels.

        frames float32 (T, H, W, 3) RGB in [0, 1], with something plausible under the masks; wanted bool (T - 1,):
        pairs to estimate, the others stay zero. The flow of a pair must not depend on the other pairs.
        """

    def for_downscaled(self, times: int) -> "FlowMethod":
        """The method for frames that were downscaled so many times, as exact there as on whole ones where it can be."""
        return self


class FlowCompletion(ABC):
    """Completes flow under masks with the help of a network."""

    @abstractmethod
    def __call__(self, leaving: np.ndarray, coming: np.ndarray, unknown: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """leaving, coming float32 (T, H, W, 2); unknown, masks bool (T, H, W). Returns float32 (T, h, w, 2)."""
