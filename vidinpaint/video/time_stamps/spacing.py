"""`spaced`: increasing time stamps for frames of which some have none, or one that does not fit its neighbours'.

Such frames share the time between the frames around them, at most the usual step each; in front of all others they
count back from the first stamp, behind them they go on from the last one.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeVar

from vidinpaint.core.errors import VidinpaintError

_MOST = 32  # frames that wait for the next usable stamp: they take memory

Frame = TypeVar("Frame")


def spaced(frames: Iterator[tuple[int | None, Frame]], step: int) -> Iterator[tuple[int, int | None, Frame]]:
    """(stamp, its own stamp or None, frame) of every frame, with increasing stamps; step: the usual one, at least 1."""
    last: int | None = None
    waiting: list[tuple[int | None, Frame]] = []
    for (own, frame), following in _with_next(frames):
        usable = _usable(last, own, None if following is None else following[0], len(waiting), step)
        if usable is None and len(waiting) < _MOST:
            waiting.append((own, frame))
            continue
        stamps = _shared(last, usable, len(waiting), step)
        yield from ((stamp, *held) for stamp, held in zip(stamps, waiting))
        if waiting:
            last = stamps[-1]
        last = usable if usable is not None else step + (last if last is not None else -step)
        waiting.clear()
        yield last, own, frame
    yield from ((stamp, *held) for stamp, held in zip(_shared(last, None, len(waiting), step), waiting))


def _usable(last: int | None, own: int | None, following: int | None, waiting: int, step: int) -> int | None:
    """The stamp itself if it leaves time for the frames that wait and is not far ahead of the following one."""
    if own is None or (last is not None and own - last <= waiting):
        return None
    if following is None or own <= following:
        return own
    far_ahead = last is None or (own - last > 2 * step and following > last + 1)
    return None if far_ahead else own


def _shared(last: int | None, following: int | None, count: int, step: int) -> list[int]:
    """Stamps of `count` frames between two others, None where there are none."""
    if last is None:
        first = 0 if following is None else following - count * step
        return [first + number * step for number in range(count)]
    space = Fraction(step) if following is None else min(Fraction(step), Fraction(following - last, count + 1))
    return [last + int(number * space) for number in range(1, count + 1)]


def _with_next(
    items: Iterator[tuple[int | None, Frame]],
) -> Iterator[tuple[tuple[int | None, Frame], tuple[int | None, Frame] | None]]:
    """Every frame with the one after it, None for the last, also if reading on fails."""
    held = next(items, None)
    while held is not None:
        try:
            following = next(items, None)
        except VidinpaintError:
            yield held, None
            raise
        yield held, following
        held = following
