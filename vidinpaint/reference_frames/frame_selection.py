"""Which frames of a shot become reference_frames: far apart in time, and with their masks in different places."""

from collections.abc import Sequence

from vidinpaint.core.window import Box

EVERY = 12  # frames of a short shot for one reference
CANDIDATES = 400  # frames looked at; of longer shots every second, third ...


def select_frames(boxes: Sequence[tuple[Box, ...]], most: int) -> list[int]:
    """Indices into `boxes` (the mask boxes of every frame of a shot), sorted, `most` at the most.

    From the middle frame on, always the frame farthest from those picked: by its share of the shot's length, and by
    the part of its masks that theirs do not cover and the other way round.
    """
    count = max(1, min(most, round(len(boxes) / EVERY)))
    step = -(-len(boxes) // CANDIDATES)
    candidates = list(range(0, len(boxes), step))
    picked = [candidates[len(candidates) // 2]]
    farthest = [_distance(boxes, index, picked[0]) for index in candidates]
    while len(picked) < min(count, len(candidates)):
        best = max(range(len(candidates)), key=farthest.__getitem__)
        picked.append(candidates[best])
        farthest = [min(old, _distance(boxes, index, picked[-1])) for old, index in zip(farthest, candidates)]
    return sorted(picked)


def _distance(boxes: Sequence[tuple[Box, ...]], one: int, other: int) -> float:
    if one == other:
        return -1.0
    return abs(one - other) / len(boxes) + _apart(boxes[one], boxes[other])


def _apart(one: tuple[Box, ...], other: tuple[Box, ...]) -> float:
    """0 for masks in the same place, 1 for masks that share nothing; the boxes of a frame hardly overlap."""
    if one == other:
        return 0.0
    total = sum(box.area for box in (*one, *other))
    shared = sum(_overlap(a, b) for a in one for b in other)
    return 1 - 2 * shared / total


def _overlap(one: Box, other: Box) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, width) * max(0, height)
