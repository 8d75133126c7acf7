"""What metrics have in common."""

from typing import Protocol

import numpy as np


class FrameMetric(Protocol):
    """One or several figures that are measured frame by frame and averaged over a clip.

    notes   one line for each figure that could not be measured, and why
    """

    notes: list[str]

    def add(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> None:
        """Compare two frames uint8 RGB (H, W, 3); mask bool (H, W), True = was inpainted."""

    def values(self) -> dict[str, float | None]:
        """The figures by their fields of `Evaluation`; None where there was nothing to measure."""
        ...


class NetworkMetric:
    """Base of metrics that run a network, whose weights `vidinpaint models` lists (`weights.catalogue.Learned`)."""


def too_small(frame: np.ndarray, smallest: int, name: str, notes: list[str]) -> bool:
    """Whether a frame (H, W, 3) is smaller than a metric needs; then a note with the metric's name says so, once."""
    height, width = frame.shape[:2]
    if min(height, width) >= smallest:
        return False
    note = f"{name} needs frames of at least {smallest} x {smallest} pixels; these have {width} x {height}."
    if note not in notes:
        notes.append(note)
    return True
