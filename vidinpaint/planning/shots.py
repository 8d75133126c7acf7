"""Finds shots: hard cuts, fades through black or white, and dissolves, in one pass over small grey pictures.

The measure is `picture_difference` between neighbouring frames (a "step"). On five real clips (1029 frames), steps
inside a shot stay below 0.15, and below 0.4 where a racing drone turns (0.9 and 0.5 where snow covers its lens).
Between 200 random pairs of frames of different clips they are at least 0.69, and at least 0.4 between pictures of
similar soft texture. Hence two thresholds: a step of at least CERTAIN_CUT is a cut; a step of at least POSSIBLE_CUT is
one if it is much larger than its neighbours, which it is not during violent camera motion.

A flash is not a cut: one or two frames later, the picture before it returns. A fade passes through blank frames, and
the most uniform of them is the boundary. The boundary of a dissolve (`dissolves.py`) is its middle; the consistency
check of the flow prevents propagation through the rest of it.
"""

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from vidinpaint.planning.difference import picture_difference, scaled_difference
from vidinpaint.planning.dissolves import DissolveDetector

CERTAIN_CUT = 0.6  # step
POSSIBLE_CUT = 0.4  # step
CUT_RATIO = 3.0  # of a possible cut to the median step of its neighbours
NEIGHBOURS = 3  # frames on each side
MAX_FLASH = 2  # frames
ROWS = 36  # of the pictures that are compared
MAX_BLANK_CONTRAST = 3.0  # grey levels of standard deviation
FADE_CONTEXT = 12  # frames; the last visible frame of a fade has under half the contrast of those before

Shots = tuple[tuple[int, int], ...]


def find_shots(thumbnails: Iterable[np.ndarray]) -> Shots:
    """Half-open frame ranges, in order and without gaps; empty without frames.

    thumbnails   uint8 grey (h, w), one per frame, all of one size, about 72 rows
    """
    detector = ShotDetector()
    for grey in thumbnails:
        detector.feed(grey)
    return detector.shots()


class ShotDetector:
    """Takes frames in order; holds a few dozen small pictures and two numbers per frame."""

    def __init__(self) -> None:
        self._recent: deque[np.ndarray] = deque(maxlen=MAX_FLASH + 2)
        self._steps: list[float] = []
        self._contrasts: list[float] = []
        self._returns_after: dict[int, int] = {}
        self._dissolves = DissolveDetector()

    def feed(self, grey: np.ndarray) -> None:
        """The next frame: uint8 (h, w), about 72 rows."""
        picture = _reduced(grey)
        self._steps.append(_step(self._recent[-1], picture) if self._recent else 0.0)
        self._contrasts.append(float(picture.std()))
        self._recent.append(picture)
        self._find_flash()
        self._dissolves.feed(picture)

    def shots(self) -> Shots:
        """The shots of the frames fed so far."""
        flashes, cuts = self._cuts()
        for start, stop in self._blank_runs(flashes):
            self._resolve_fade(start, stop, cuts)
        for dissolve in self._dissolves.dissolves():
            if not cuts.intersection(range(dissolve.start + 1, dissolve.stop + 1)):
                cuts.add(dissolve.middle)
        edges = [0, *sorted(cuts), len(self._steps)] if self._steps else []
        return tuple(pairwise(edges))

    def _find_flash(self) -> None:
        """Record for each large step of recent frames whether the newest frame returns to the picture before it."""
        newest = len(self._steps) - 1
        for distance in range(1, len(self._recent) - 1):
            frame = newest - distance
            if self._steps[frame] < POSSIBLE_CUT or frame in self._returns_after:
                continue
            if _step(self._recent[-2 - distance], self._recent[-1]) < POSSIBLE_CUT:
                self._returns_after[frame] = distance

    def _cuts(self) -> tuple[set[int], set[int]]:
        """Frames that are flashes, and frames that begin a shot by a hard cut."""
        flashes: set[int] = set()
        cuts: set[int] = set()
        flash_end = 0
        for frame, step in enumerate(self._steps):
            if step < POSSIBLE_CUT or frame <= flash_end:
                continue
            if frame in self._returns_after:
                flash_end = frame + self._returns_after[frame]  # the step back to the picture is not a cut either
                flashes.update(range(frame, flash_end))
            elif step >= CERTAIN_CUT or step >= CUT_RATIO * self._median_step(frame):
                cuts.add(frame)
        return flashes, cuts

    def _median_step(self, frame: int) -> float:
        near = self._steps[max(1, frame - NEIGHBOURS) : frame] + self._steps[frame + 1 : frame + 1 + NEIGHBOURS]
        return float(np.median(near)) if near else 0.0

    def _blank_runs(self, flashes: set[int]) -> list[tuple[int, int]]:
        blank = [
            contrast < MAX_BLANK_CONTRAST and frame not in flashes for frame, contrast in enumerate(self._contrasts)
        ]
        edges = np.flatnonzero(np.diff([False, *blank, False]))
        return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]

    def _resolve_fade(self, start: int, stop: int, cuts: set[int]) -> None:
        """Set one boundary in the blank frames start:stop between two fades; hard cuts beside them stay."""
        cuts.difference_update(range(start + 1, stop))  # blank frames differ only in noise
        if self._fades(start - 1, -1):
            cuts.discard(start)
        if self._fades(stop, 1):
            cuts.discard(stop)
        if start == 0 or stop == len(self._contrasts) or cuts.intersection(range(start, stop + 1)):
            return
        contrasts = np.array(self._contrasts[start:stop])
        most_uniform = np.flatnonzero(contrasts <= contrasts.min() + 0.1)
        cuts.add(start + int(most_uniform[len(most_uniform) // 2]))

    def _fades(self, frame: int, direction: int) -> bool:
        """Whether a frame beside blank ones has less than half the contrast of the frames on its other side."""
        frames = [frame + direction * step for step in range(FADE_CONTEXT)]
        contrasts = [self._contrasts[index] for index in frames if 0 <= index < len(self._contrasts)]
        return bool(contrasts) and contrasts[0] < max(contrasts) / 2


def _step(one: np.ndarray, other: np.ndarray) -> float:
    """The difference of two pictures; the contrast is equalised only where that can matter, because it takes time."""
    plain = picture_difference(one, other)
    return plain if plain < POSSIBLE_CUT else min(plain, scaled_difference(one, other))


def _reduced(grey: np.ndarray) -> np.ndarray:
    """float32, about 36 rows: means of squares of pixels."""
    factor = max(1, round(len(grey) / ROWS))
    height, width = (max(1, side // factor) for side in grey.shape)
    used = grey[: height * factor, : width * factor].astype(np.float32)
    squares = used.reshape(height, len(used) // height, width, used.shape[1] // width)
    return np.asarray(squares.mean(axis=(1, 3)))
