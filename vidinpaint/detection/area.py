"""`Area`: the part of the frame in which a search may find something, as a user names it."""

from dataclasses import dataclass

from vidinpaint.core.errors import SettingError
from vidinpaint.core.window import Box

NAMES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "everywhere": ((0, 0, 1, 1),),
    "top": ((0, 0, 1, 1 / 3),),
    "middle": ((0, 1 / 3, 1, 2 / 3),),
    "lower": ((0, 2 / 3, 1, 1),),
    "left": ((0, 0, 1 / 3, 1),),
    "right": ((2 / 3, 0, 1, 1),),
    "corners": (
        (0, 0, 1 / 3, 1 / 3),
        (2 / 3, 0, 1, 1 / 3),
        (0, 2 / 3, 1 / 3, 1),
        (2 / 3, 2 / 3, 1, 1),
    ),
}
"""Rectangles (left, top, right, bottom) in parts of the frame."""


@dataclass(frozen=True)
class Area:
    """Rectangles of a frame, in parts of its width and height or, with `pixels`, in pixels."""

    rectangles: tuple[tuple[float, float, float, float], ...]
    pixels: bool = False

    @classmethod
    def parse(cls, text: str) -> "Area":
        """An area of its name, one of `NAMES`, or of x,y,width,height in pixels; empty text is everywhere.

        Raises SettingError for other text.
        """
        if (name := text.strip() or "everywhere") in NAMES:
            return cls(NAMES[name])
        try:
            x, y, width, height = (int(word) for word in text.split(","))
            box = Box(x, y, width, height)
        except ValueError:
            expected = f"an area x,y,width,height in pixels or one of {', '.join(NAMES)}"
            raise SettingError(expected, repr(text), "Name the part of the frame that is searched.") from None
        return cls(((box.x, box.y, box.x + box.width, box.y + box.height),), pixels=True)

    def holds(self, box: Box, width: int, height: int) -> bool:
        """Whether the centre of a box lies in it, of a frame of width x height pixels."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        if not self.pixels:
            x, y = x / width, y / height
        return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in self.rectangles)
