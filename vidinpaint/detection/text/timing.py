"""`timed`: the frames that show a line of text, to the frame, with what is visible of it while it fades."""

from itertools import pairwise

import numpy as np

from vidinpaint.detection.text.linking import high_frequencies
from vidinpaint.detection.text.looks import Look

FULL = 0.8  # of the largest visibility, from which a frame counts as showing the line fully
VISIBLE = 0.05
"""Visibility above that of frames without the line, from which a fading line is still seen: 10 of 200 grey levels."""
SURELY = 0.3  # visibility from which a line is there: a still background alone may have a tenth of it by chance
NOISE = 3.0  # standard deviations of the visibility in frames without the line
OUTER = 4  # frames at the end of what was looked at, which do not show the line
RISE = 0.04  # a fade does not go back by more than this; a line that stays half-visible does not count as fading


def timed(look: Look, shots: tuple[tuple[int, int], ...]) -> tuple[int, int, np.ndarray]:
    """start, stop, and the visibility float32 (n,) in each frame of the look, about 1 where it is shown fully.

    shots  the frame ranges without a cut
    """
    visibility = visible(look)
    numbers, track = look.frames, look.track
    live = (numbers >= track.first) & (numbers <= track.last)
    live = live & (visibility > SURELY) if (live & (visibility > SURELY)).any() else live
    first, last = int(np.flatnonzero(live)[0]), int(np.flatnonzero(live)[-1])
    shot = np.searchsorted([begin for begin, _ in shots], numbers, side="right")
    start = first - _reach(visibility[: first + 1][::-1], shot[: first + 1][::-1])
    stop = last + _reach(visibility[last:], shot[last:])
    return int(numbers[start]), int(numbers[stop]) + 1, visibility


def _reach(visibility: np.ndarray, shot: np.ndarray) -> int:
    """How many frames after the first one still show the line, of frames that lead away from it.

    shot  the number of the shot that each frame is in
    """
    other = np.flatnonzero(shot != shot[0])
    if len(other) and visibility[other[0]] < FULL:  # it does not continue behind the cut, which has another background
        visibility = visibility[: other[0]]
    if len(visibility) == 1:
        return 0
    outer = visibility[1:][-OUTER:]
    base, noise = float(np.median(outer)), float(outer.std())
    if base > 0.5:  # there is no frame without it, the clip begins or ends
        return len(visibility) - 1
    least = base + max(VISIBLE, min(NOISE * noise, 0.25))
    count = 0
    for before, value in pairwise(visibility):
        if value < least or (value < 0.5 and value > before + RISE):
            break
        count += 1
    return count


def visible(look: Look) -> np.ndarray:
    """float32 (n,): the least-squares factor of the line's high frequencies in each frame."""
    height = look.track.box.height
    inner = look.grey[:, look.inner[0], look.inner[1]]
    high = np.stack([high_frequencies(image, height) for image in inner])
    shown = (look.frames >= look.track.first) & (look.frames <= look.track.last)
    for _ in range(2):  # the second time with the frames that show it fully
        line = np.median(high[shown], axis=0)
        line[np.abs(line) < np.abs(line).max() * 0.15] = 0  # background, of which the median has left little
        values = (high * line).sum((1, 2)) / max(float((line**2).sum()), 1e-6)
        values /= max(float(np.quantile(values, 0.9)), 1e-6)
        shown = values > FULL
    return np.asarray(values, np.float32)
