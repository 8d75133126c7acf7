"""`Areas`: parts of the frame by name or as boxes, in which lines of text are looked for or left alone."""

import re
from dataclasses import dataclass

from vidinpaint.core.errors import SettingError
from vidinpaint.core.window import Box

NAMES = {"upper": (0.0, 1 / 3), "middle": (1 / 3, 2 / 3), "lower": (2 / 3, 1.0)}
"""Thirds of the frame, from top to bottom."""


@dataclass(frozen=True)
class Areas:
    """Parts of a frame: names of thirds, and boxes."""

    parts: tuple[str | Box, ...]

    @classmethod
    def parse(cls, text: str, owner: str) -> "Areas":
        """Areas from text: parts joined by "+", each upper, middle, lower, or a box "x,y,width,height".

        owner  the setting, as messages name it

        Raises SettingError for other text.
        """
        return cls(tuple(_part(word.strip(), owner) for word in text.split("+")) if text.strip() else ())

    def hold(self, box: Box, height: int) -> bool:
        """Whether the middle of a box lies in one of the areas, in a frame of `height` pixels."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        return any(_holds(part, x, y, height) for part in self.parts)


def _part(word: str, owner: str) -> str | Box:
    if word in NAMES:
        return word
    numbers = re.split(r"[\s,]+", word)
    if len(numbers) == 4 and all(number.isdecimal() for number in numbers):
        x, y, width, height = map(int, numbers)
        if width and height:
            return Box(x, y, width, height)
    remedy = "Join several with '+'; inside `name=value,name=value` write spaces between the numbers."
    raise SettingError(f"{owner} as x,y,width,height, or one of {', '.join(NAMES)}", repr(word), remedy)


def _holds(part: str | Box, x: float, y: float, height: int) -> bool:
    if isinstance(part, str):
        first, last = NAMES[part]
        return first * height <= y < last * height
    return part.x <= x < part.x + part.width and part.y <= y < part.y + part.height
