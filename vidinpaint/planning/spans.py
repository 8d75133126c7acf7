"""Divides a shot into spans with masks, and long spans without masks, whose frames pass through unchanged."""

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

Span = tuple[int, int, bool]
"""start, stop (half-open), whether there is something to inpaint."""


def find_spans(masks: Sequence[bool], first: int, context: int) -> list[Span]:
    """Divides the frames first ... first + len(masks) - 1 into spans, in order and without gaps.

    masks    whether each frame has a mask
    context  frames that a window reads on each side

    Frames without masks form a span of their own if some of them are farther than `context` from each mask, so that no
    window reads them. Shorter ranges are read in any case and stay with their neighbours: fewer windows, fewer seams.
    """
    spans: list[Span] = []
    start = first
    for has_mask, group in groupby(masks):
        stop = start + len(list(group))
        sides = (start > first) + (stop < first + len(masks))
        inpainted = has_mask or (sides > 0 and stop - start <= sides * context)
        if spans and spans[-1][2] == inpainted:
            start = spans.pop()[0]
        spans.append((start, stop, inpainted))
        start = stop
    return spans


def split_evenly(start: int, stop: int, length: int, slack: int) -> list[tuple[int, int]]:
    """Divides start:stop into ranges of at most `length` frames, whose lengths differ by at most one.

    Up to length + slack frames stay one range: a window without neighbours reads no context.
    """
    total = stop - start
    count = 1 if total <= length + slack else math.ceil(total / length)
    edges = [start + total * index // count for index in range(count + 1)]
    return list(pairwise(edges))
