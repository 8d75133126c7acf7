"""`LineStatistics`: what the frames of a line say about each pixel around it."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.text.looks import Look
from vidinpaint.detection.text.timing import FULL

NEAR = 4  # frames on each side of a change that are averaged: few, so that the background is almost the same

STILL = 1.5  # grey levels by which the median of a still background changes at most
CERTAIN = 8.0  # grey levels of change that are more than what compression adds near text
OWN = 3.0  # times the change of the background itself over as many frames
AROUND = 9  # pixels of a square in which the background's own change is the largest one: things move on


@dataclass(frozen=True, eq=False)
class LineStatistics:
    """Arrays float32 (h, w) of the luma around a line, 0 to 255.

    level      median over the frames that show it fully
    deviation  mean absolute deviation from it; None for a single frame
    appeared   bool (h, w): pixels that changed when the line appeared or went, while the background stayed
    changes    absolute difference between the frames just after it appears and those just before, and the same where
               it goes; only for those of the two that lie within the clip
    moments    the frame of each of these changes, the first one after it
    """

    level: np.ndarray
    deviation: np.ndarray | None
    changes: tuple[np.ndarray, ...]
    moments: tuple[int, ...]
    appeared: np.ndarray


def line_statistics(look: Look, visibility: np.ndarray, start: int, stop: int) -> LineStatistics:
    """start, stop, visibility: as `timed` returns them."""
    shown = (look.frames >= start) & (look.frames < stop)
    full = np.flatnonzero(shown & (visibility > FULL))
    frames = look.grey[full if len(full) else np.flatnonzero(shown)]
    level = np.median(frames, axis=0).astype(np.float32)
    deviation = np.abs(frames - level).mean(0).astype(np.float32) if len(frames) > 1 else None
    absent_before, absent_after = np.flatnonzero(look.frames < start), np.flatnonzero(look.frames >= stop)
    pairs = [(start, absent_before[::-1], full[:NEAR]), (stop, absent_after, full[-NEAR:])]
    changes, moments, appeared = [], [], np.zeros(level.shape, bool)
    for moment, absent, present in pairs:
        if not len(absent) or not len(present):
            continue
        without = look.grey[absent[:NEAR]].mean(0)
        moments.append(moment)
        changes.append(np.abs(look.grey[present].mean(0) - without).astype(np.float32))
        if len(absent) > NEAR:
            own = np.abs(look.grey[absent[NEAR : 2 * NEAR]].mean(0) - without)
            if np.median(own) > STILL or np.median(changes[-1]) > STILL:
                continue
            appeared |= changes[-1] > CERTAIN + OWN * cv2.dilate(own, np.ones((AROUND, AROUND), np.uint8))
    return LineStatistics(level, deviation, tuple(changes), tuple(moments), appeared)
