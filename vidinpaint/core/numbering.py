"""Numbers in file names: frame_0007.png is number 7 of its folder.

Names are numbered where they differ in exactly one number and in nothing else: "shot2_007" and "shot2_008", not
"left_007" and "right_007", nor dates.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

_NUMBER = re.compile(r"\d+")


def numbers_of(stems: Sequence[str]) -> list[int] | None:
    """The number of each name, without suffix, in the same order; None where the names are not numbered."""
    if len({pattern(stem) for stem in stems}) != 1:
        return None
    columns = list(zip(*(map(int, _NUMBER.findall(stem)) for stem in stems)))
    varying = [column for column in columns if len(set(column)) > 1] or columns[-1:]
    if len(varying) != 1 or len(set(varying[0])) < len(stems):
        return None
    return list(varying[0])


def pattern(stem: str) -> str:
    """The name with a # in place of each number: equal for the names of one sequence."""
    return _NUMBER.sub("#", stem.casefold())


def by_pattern(stems: Iterable[str]) -> list[list[str]]:
    """The names grouped by their pattern, the largest group first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for stem in stems:
        groups[pattern(stem)].append(stem)
    return sorted(groups.values(), key=len, reverse=True)


def missing_numbers(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ranges (first, last) that are left out in a sequence of numbers, which may count in steps such as 1, 3, 5.

    Empty for numbers that do not count, such as times: where fewer than half of them follow one another by one step.
    """
    ordered = sorted(numbers)
    steps = Counter(after - before for before, after in pairwise(ordered))
    step, count = min(steps.most_common(), key=lambda item: (-item[1], item[0]), default=(1, 0))
    if 2 * count < len(ordered) - 1:
        return []
    return [(before + step, after - step) for before, after in pairwise(ordered) if after - before > step]


def ranges_in_words(ranges: Sequence[tuple[int, int]], limit: int = 5) -> str:
    """ "3, 7 to 9 and 2 more": ranges of numbers for messages."""
    shown = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:limit]]
    more = [f"{len(ranges) - limit} more"] if len(ranges) > limit else []
    *head, tail = [*shown, *more]
    return f"{', '.join(head)} and {tail}" if head else tail


def ranges_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges (first, last) of consecutive ones."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((number, number))
    return ranges
