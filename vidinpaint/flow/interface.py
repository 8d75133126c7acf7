"""Base classes of flow methods and of learned flow completion."""

from abc import ABC, abstractmethod

import numpy as np

from vidinpaint.core.settings import Settings


class FlowMethod(Settings, ABC):
    """Estimates optical flow. A frozen dataclass whose fields are its settings, in a file of the same name."""

    @abstractmethod
    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Flow forward and backward, each float32 (T - 1, H, W, 2) as (dx, dy) in pixels.

        frames float32 (T, H, W, 3) RGB in [0, 1], inpainted roughly under the masks; wanted bool (T - 1,): pairs to
        estimate, the flow of the others stays zero. The flow of a pair must not depend on the other pairs.
        """

    def for_downscaled(self, times: int) -> "FlowMethod":
        """The method for frames halved `times` times, with settings that keep its flow as exact as possible there."""
        return self


class FlowCompletion(ABC):
    """Completes flow under masks with the help of a network."""

    @abstractmethod
    def __call__(self, leaving: np.ndarray, coming: np.ndarray, unknown: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """Complete velocities under the masks; see `LearnedCompletion` for the arrays and their units."""
