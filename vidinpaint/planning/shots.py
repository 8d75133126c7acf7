"""Finds shots: hard cuts, fades through black or white, and dissolves. Streams over small grey pictures.

The measure is `picture_difference`, between neighbours ("step"). On five real clips (1029 frames) steps inside a shot
stay under 0.15, and under 0.4 where a racing drone turns (0.9 and 0.5 where snow covers its lens); between 200 random
pairs of frames of different clips they are 0.69 or more, between pictures of similar soft texture from 0.4 on. Hence
two thresholds: over SURE is a cut; over LIKELY is one if it stands out of the frames around, as it does not while the
camera is thrown about.

A flash is no cut: the picture of the frame before is back after one or two frames. A fade goes through frames that
are blank; its boundary is the blankest of them. The boundary of a dissolve (see `dissolves`) is its middle; what would
be propagated through the rest of it, the flow's consistency check stops.
"""

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from vidinpaint.planning.difference import picture_difference, scaled_difference
from vidinpaint.planning.dissolves import DissolveDetector

SURE = 0.6
LIKELY = 0.4
STANDING_OUT = 3.0  # times the median step of the frames around
AROUND = 3  # frames
FLASH = 2  # frames
ROWS = 36
BLANK = 3.0  # grey levels of standard deviation
FADE = 12  # frames; the last seen picture of a fade has under half the contrast of those before

Shots = tuple[tuple[int, int], ...]


def find_shots(thumbnails: Iterable[np.ndarray]) -> Shots:
    """Half-open frame ranges, in order and without gaps; none for no frame.

    thumbnails   uint8 grey (h, w), one a frame, all of one size, about 72 rows
    """
    detector = ShotDetector()
    for grey in thumbnails:
        detector.feed(grey)
    return detector.shots()


class ShotDetector:
    """Takes one frame after the other; holds a few dozen small pictures and two numbers a frame."""

    def __init__(self) -> None:
        self._recent: deque[np.ndarray] = deque(maxlen=FLASH + 2)
        self._steps: list[float] = []
        self._contrasts: list[float] = []
        self._back_after: dict[int, int] = {}
        self._dissolves = DissolveDetector()

    def feed(self, grey: np.ndarray) -> None:
        """The next frame: uint8 (h, w), about 72 rows."""
        picture = _shrunk(grey)
        self._steps.append(_step(self._recent[-1], picture) if self._recent else 0.0)
        self._contrasts.append(float(picture.std()))
        self._recent.append(picture)
        self._look_for_flash()
        self._dissolves.feed(picture)

    def shots(self) -> Shots:
        """The shots of the frames fed so far."""
        flashes, cuts = self._cuts()
        for start, stop in self._blank_runs(flashes):
            self._settle_fade(start, stop, cuts)
        for dissolve in self._dissolves.dissolves():
            if not cuts.intersection(range(dissolve.start + 1, dissolve.stop + 1)):
                cuts.add(dissolve.middle)
        edges = [0, *sorted(cuts), len(self._steps)] if self._steps else []
        return tuple(pairwise(edges))

    def _look_for_flash(self) -> None:
        """Notes for each great step among the recent frames whether the newest frame shows the picture before it."""
        newest = len(self._steps) - 1
        for away in range(1, len(self._recent) - 1):
            frame = newest - away
            if self._steps[frame] < LIKELY or frame in self._back_after:
                continue
            if _step(self._recent[-2 - away], self._recent[-1]) < LIKELY:
                self._back_after[frame] = away

    def _cuts(self) -> tuple[set[int], set[int]]:
        """Frames that are flashes, and frames that begin a shot by a hard cut."""
        flashes: set[int] = set()
        cuts: set[int] = set()
        quiet_until = 0
        for frame, step in enumerate(self._steps):
            if step < LIKELY or frame <= quiet_until:
                continue
            if frame in self._back_after:
                quiet_until = frame + self._back_after[frame]  # the step back to the picture is none either
                flashes.update(range(frame, quiet_until))
            elif step >= SURE or step >= STANDING_OUT * self._usual_step(frame):
                cuts.add(frame)
        return flashes, cuts

    def _usual_step(self, frame: int) -> float:
        near = self._steps[max(1, frame - AROUND) : frame] + self._steps[frame + 1 : frame + 1 + AROUND]
        return float(np.median(near)) if near else 0.0

    def _blank_runs(self, flashes: set[int]) -> list[tuple[int, int]]:
        blank = [contrast < BLANK and frame not in flashes for frame, contrast in enumerate(self._contrasts)]
        edges = np.flatnonzero(np.diff([False, *blank, False]))
        return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]

    def _settle_fade(self, start: int, stop: int, cuts: set[int]) -> None:
        """One boundary for the blank frames start:stop between two fades; hard cuts beside them stay as they are."""
        cuts.difference_update(range(start + 1, stop))  # between blank frames only noise differs
        if self._fades(start - 1, -1):
            cuts.discard(start)
        if self._fades(stop, 1):
            cuts.discard(stop)
        if start == 0 or stop == len(self._contrasts) or cuts.intersection(range(start, stop + 1)):
            return
        contrasts = np.array(self._contrasts[start:stop])
        blankest = np.flatnonzero(contrasts <= contrasts.min() + 0.1)
        cuts.add(start + int(blankest[len(blankest) // 2]))

    def _fades(self, frame: int, direction: int) -> bool:
        """Whether a frame next to blank ones has under half the contrast of the frames on its other side."""
        beyond = [frame + direction * step for step in range(FADE)]
        contrasts = [self._contrasts[index] for index in beyond if 0 <= index < len(self._contrasts)]
        return bool(contrasts) and contrasts[0] < max(contrasts) / 2


def _step(one: np.ndarray, other: np.ndarray) -> float:
    """How much of two pictures is not the same; contrast is looked into only where it decides, for it takes time."""
    plain = picture_difference(one, other)
    return plain if plain < LIKELY else min(plain, scaled_difference(one, other))


def _shrunk(grey: np.ndarray) -> np.ndarray:
    """float32, about 36 rows: means of squares of pixels."""
    factor = max(1, round(len(grey) / ROWS))
    height, width = (max(1, side // factor) for side in grey.shape)
    used = grey[: height * factor, : width * factor].astype(np.float32)
    squares = used.reshape(height, len(used) // height, width, used.shape[1] // width)
    return np.asarray(squares.mean(axis=(1, 3)))
