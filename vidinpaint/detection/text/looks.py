"""`Look`: the luma around a line of text in the frames that matter for its time and its mask."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.activity import Activity
from vidinpaint.detection.text.samples import Track

INSIDE = 40
"""Frames between the first and the last sampled one that are looked at: enough for a median and a deviation."""
BEYOND = 4  # frames beyond the nearest sampled ones that do not show the line, at least: they show what is without it
SURROUNDINGS = 1.0  # margin around the box, in heights of the line: outlines, shadows, shaded boxes and background
WIDER = 2  # times that margin, at the left and the right: shaded boxes are wider than the text
CHUNK = 16  # frames that are read at a time


@dataclass(frozen=True, eq=False)
class Look:
    """Luma around a line.

    track   where it was found
    box     what is seen: its box with a margin
    frames  int64 (n,): numbers of the frames, increasing
    grey    uint8 (n, box.height, box.width)
    """

    track: Track
    box: Box
    frames: np.ndarray
    grey: np.ndarray

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns of the line's own box."""
        own = self.track.box
        return Box(own.x - self.box.x, own.y - self.box.y, own.width, own.height).slices


def look_at(footage: Footage, tracks: list[Track]) -> tuple[list[Look], np.ndarray]:
    """One look for each track, and the activity in each frame; the clip is read once, in order.

    The activity is the part of the picture outside all lines that differs from the frame before, 0 to 1, NaN where the
    two were not read: it tells whether text came with another picture.
    """
    activity = Activity(footage, [track.box for track in tracks])
    boxes = [_seen(track.box, footage) for track in tracks]
    wanted = [_wanted(track, len(footage)) for track in tracks]
    kept: list[list[np.ndarray]] = [[] for _ in tracks]
    for start in range(0, len(footage), CHUNK):
        stop = min(start + CHUNK, len(footage))
        needed = [[frame for frame in frames if start <= frame < stop] for frames in wanted]
        if any(needed):
            grey = footage.grey(start, stop)
            activity.add(start, grey)
            for own, box, frames in zip(kept, boxes, needed):
                own += [grey[frame - start][box.slices].copy() for frame in frames]
        footage.progress(stop - start)
    looks = [
        Look(track, box, np.array(frames), np.stack(own))
        for track, box, frames, own in zip(tracks, boxes, wanted, kept)
    ]
    return looks, activity.values


def _seen(box: Box, footage: Footage) -> Box:
    margin = round(box.height * SURROUNDINGS)
    return box.expanded(WIDER * margin, margin, footage.width, footage.height)


def _wanted(track: Track, frames: int) -> list[int]:
    """Every frame around the start and the end of a track, a selection of those between."""
    first = max(0, track.after - max(BEYOND, track.first - track.after))
    last = min(frames, track.before + max(BEYOND, track.before - track.last) + 1)
    inside = np.linspace(track.first, track.last, min(INSIDE, track.last - track.first + 1)).round().astype(int)
    return sorted({*range(first, track.first), *map(int, inside), *_around(track, last)})


def _around(track: Track, last: int) -> Iterable[int]:
    return range(track.last + 1, last)
