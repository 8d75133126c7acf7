"""Which frames of a shot become reference frames: far apart in time, and with their masks in different places."""

from collections.abc import Sequence

from vidinpaint.core.window import Box

FRAMES_PER_REFERENCE = 12  # in a short shot
MAX_CANDIDATES = 400  # frames that are considered; in longer shots every second, third ...


def select_frames(boxes: Sequence[tuple[Box, ...]], max_count: int) -> list[int]:
    """Sorted indices into `boxes` (the mask boxes of every frame of a shot), at least one, at most `max_count`.

    The middle frame is selected first, then always the frame farthest from those selected: distance is the time between
    two frames as a fraction of the shot, plus the fraction of their masks that do not overlap.
    """
    count = max(1, min(max_count, round(len(boxes) / FRAMES_PER_REFERENCE)))
    step = -(-len(boxes) // MAX_CANDIDATES)
    candidates = list(range(0, len(boxes), step))
    selected = [candidates[len(candidates) // 2]]
    distances = [_distance(boxes, index, selected[0]) for index in candidates]
    while len(selected) < min(count, len(candidates)):
        farthest = max(range(len(candidates)), key=distances.__getitem__)
        selected.append(candidates[farthest])
        distances = [min(old, _distance(boxes, index, selected[-1])) for old, index in zip(distances, candidates)]
    return sorted(selected)


def _distance(boxes: Sequence[tuple[Box, ...]], first: int, second: int) -> float:
    if first == second:
        return -1.0
    return abs(first - second) / len(boxes) + _mask_distance(boxes[first], boxes[second])


def _mask_distance(first: tuple[Box, ...], second: tuple[Box, ...]) -> float:
    """0 for masks in the same place, 1 for masks without overlap; the boxes of one frame hardly overlap."""
    if first == second:
        return 0.0
    total = sum(box.area for box in (*first, *second))
    shared = sum(_overlap(a, b) for a in first for b in second)
    return 1 - 2 * shared / total


def _overlap(first: Box, second: Box) -> int:
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return max(0, width) * max(0, height)
