"""Logos and watermarks, found by looking at the clip."""

from dataclasses import dataclass

from vidinpaint.core.settings import setting
from vidinpaint.detection.area import Area
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.find import find_marks
from vidinpaint.masks.sources.interface import DetectingSource


@dataclass(frozen=True)
class Mark(DetectingSource):
    """Logos and watermarks that stay at their place while the picture moves, or that come, go and jump as a whole."""

    area: str = setting("", "Only marks in it: corners, upper ... or a box x,y,w,h; several joined by '+'.")
    confidence: float = setting(0.5, "Marks that are less sure are left out.", low=0, high=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        Area.parse(self.area, "mark.area")

    def detect(self, footage: Footage) -> list[Detection]:
        """See `DetectingSource`."""
        area = Area.parse(self.area, "mark.area")
        return [
            mark
            for mark in find_marks(footage)
            if mark.confidence >= self.confidence
            and (not area.parts or area.holds(mark.box, footage.width, footage.height))
        ]
