"""`Area`: parts of the frame in which a search may find something, or must not, as a user names them."""

import re
from dataclasses import dataclass

from vidinpaint.core.errors import SettingError
from vidinpaint.core.window import Box

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_THIRD = 1 / 3
NAMES: dict[str, tuple[Rectangle, ...]] = {
    "everywhere": ((0, 0, 1, 1),),
    "upper": ((0, 0, 1, _THIRD),),
    "middle": ((0, _THIRD, 1, 1 - _THIRD),),
    "lower": ((0, 1 - _THIRD, 1, 1),),
    "left": ((0, 0, _THIRD, 1),),
    "right": ((1 - _THIRD, 0, 1, 1),),
    "corners": (
        (0, 0, _THIRD, _THIRD),
        (1 - _THIRD, 0, 1, _THIRD),
        (0, 1 - _THIRD, _THIRD, 1),
        (1 - _THIRD, 1 - _THIRD, 1, 1),
    ),
}
"""In parts of the frame's width and height."""


@dataclass(frozen=True)
class Area:
    """Names of `NAMES`, and boxes in pixels; with no part, no place belongs to it."""

    parts: tuple[str | Box, ...] = ()

    @classmethod
    def parse(cls, text: str, owner: str) -> "Area":
        """An area from text: parts joined by "+", each a name of `NAMES` or a box "x,y,width,height"; empty: no part.

        owner  the setting, as messages name it

        Raises SettingError for other text.
        """
        return cls(tuple(_part(word.strip(), owner) for word in text.split("+")) if text.strip() else ())

    def holds(self, box: Box, width: int, height: int) -> bool:
        """Whether the middle of a box lies in it, in a frame of width x height pixels."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        return any(
            left <= x < right and top <= y < bottom
            for part in self.parts
            for left, top, right, bottom in _rectangles(part, width, height)
        )


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


def _rectangles(part: str | Box, width: int, height: int) -> list[Rectangle]:
    """The rectangles of a part in pixels."""
    if isinstance(part, Box):
        return [(part.x, part.y, part.x + part.width, part.y + part.height)]
    return [(left * width, top * height, right * width, bottom * height) for left, top, right, bottom in NAMES[part]]
