"""Decode: reads the frames of a window, in the pixel format of the source."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.window import Plan, Window
from vidinpaint.video.readers import Reader


@dataclass(frozen=True)
class Decode:
    """Reads the frames that a window owns, and those around them that it may use."""

    name: ClassVar[str] = "decode"
    phase: ClassVar[Phase] = "read"

    def __call__(self, reader: Reader, plan: Plan, window: Window) -> Clip:
        return reader.read(plan.pts, window.read_start, window.read_stop)
