"""Decode: a window's frames, in the source's own planes."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.clip import Clip
from vidinpaint.graph import Lane
from vidinpaint.video.readers import Reader
from vidinpaint.window import Plan, Window


@dataclass(frozen=True)
class Decode:
    """Reads the frames that a window may look at."""

    name: ClassVar[str] = "decode"
    lane: ClassVar[Lane] = "read"

    def __call__(self, reader: Reader, plan: Plan, window: Window) -> Clip:
        return reader.read(plan.pts, window.read_start, window.read_stop)
