"""`natural_order`: names sorted as people read them, 2 before 10 and a1 before B1.

Folders of frames, masks and images and the clips that a pattern finds all use it, so that frames and masks pair up.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

Name = TypeVar("Name", str, Path)
_PARTS = re.compile(r"\d+|\D+")


def natural_order(names: Iterable[Name]) -> list[Name]:
    """Sorted by the values of the numbers in the names, ignoring case; names that are equal that way, as text."""
    return sorted(names, key=_key)


def _key(name: str | Path) -> tuple[list[tuple[int, int, str]], str]:
    text = str(name)
    parts = [(0, int(part), "") if part.isdecimal() else (1, 0, part.lower()) for part in _PARTS.findall(text)]
    return parts, text
