"""`LineStatistics`: what the frames of a line say about each pixel around it."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.detection.text.looks import Look
from vidinpaint.detection.text.timing import FULL

NEAR = 4  # frames on each side of a change that are averaged: few, so that the background is almost the same


@dataclass(frozen=True, eq=False)
class LineStatistics:
    """Arrays float32 (h, w) of the luma around a line, 0 to 255.

    level      median over the frames that show it fully
    deviation  mean absolute deviation from it; None for a single frame
    changes    absolute difference between the frames just after it appears and those just before, and the same where
               it goes; only for those of the two that lie within the clip
    """

    level: np.ndarray
    deviation: np.ndarray | None
    changes: tuple[np.ndarray, ...]


def line_statistics(look: Look, visibility: np.ndarray, start: int, stop: int) -> LineStatistics:
    """start, stop, visibility: as `timed` returns them."""
    shown = (look.frames >= start) & (look.frames < stop)
    full = np.flatnonzero(shown & (visibility > FULL))
    frames = look.grey[full if len(full) else np.flatnonzero(shown)]
    level = np.median(frames, axis=0).astype(np.float32)
    deviation = np.abs(frames - level).mean(0).astype(np.float32) if len(frames) > 1 else None
    absent_before, absent_after = np.flatnonzero(look.frames < start), np.flatnonzero(look.frames >= stop)
    pairs = [(absent_before[-NEAR:], full[:NEAR]), (absent_after[:NEAR], full[-NEAR:])]
    changes = [np.abs(look.grey[a].mean(0) - look.grey[b].mean(0)) for a, b in pairs if len(a) and len(b)]
    return LineStatistics(level, deviation, tuple(change.astype(np.float32) for change in changes))
