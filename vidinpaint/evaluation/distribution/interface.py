"""What metrics of sets have in common."""

from typing import Literal, Protocol

import numpy as np

Side = Literal["output", "truth"]


class ClipFeatures(Protocol):
    """From the frames of a clip to one vector."""

    def scaled(self, frame: np.ndarray) -> np.ndarray:
        """What is kept of a frame uint8 (H, W, 3)."""
        ...

    def __call__(self, frames: list[np.ndarray]) -> np.ndarray:
        """float32 (D,) of scaled frames."""
        ...


class SetMetric(Protocol):
    """Figures of two sets of images or clips, whose images are added one after the other.

    notes   after `values`: one line for each figure that could not be measured or is biased
    """

    notes: list[str]

    def add(self, side: Side, image: np.ndarray) -> None:
        """Add an image uint8 (H, W, 3) RGB, or the next frame of a clip."""

    def end_clip(self, side: Side) -> None:
        """The clip whose frames were added is complete."""

    def values(self) -> dict[str, float]:
        """The figures by their fields of `DistributionEvaluation`."""
        ...
