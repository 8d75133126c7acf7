"""Spans of a shot: stretches with something to inpaint, and long stretches with nothing, which only pass through."""

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

Span = tuple[int, int, bool]
"""start, stop (half-open), whether there is something to inpaint."""


def find_spans(masks: Sequence[bool], first: int, context: int) -> list[Span]:
    """Cuts the frames first ... first + len(masks) - 1 into spans, in order, without gaps.

    A stretch without masks passes through if some of its frames are farther than `context` from every mask, so that
    no window would look at them. Shorter stretches are read in any case and stay with the masks beside them: fewer
    windows have fewer seams.
    """
    ends: list[Span] = []
    start = first
    for has_mask, group in groupby(masks):
        stop = start + len(list(group))
        sides = (start > first) + (stop < first + len(masks))
        inpainted = has_mask or (sides > 0 and stop - start <= sides * context)
        if ends and ends[-1][2] == inpainted:
            start = ends.pop()[0]
        ends.append((start, stop, inpainted))
        start = stop
    return ends


def cut_evenly(start: int, stop: int, length: int, slack: int) -> list[tuple[int, int]]:
    """Cuts start:stop into pieces not longer than `length`, whose lengths differ by one at the most.

    Up to length + slack it stays in one piece: a window without neighbours has no context to read instead.
    """
    total = stop - start
    count = 1 if total <= length + slack else math.ceil(total / length)
    edges = [start + total * index // count for index in range(count + 1)]
    return list(pairwise(edges))
