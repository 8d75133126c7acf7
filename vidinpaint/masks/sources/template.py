"""A mark whose template is known, found by looking at the clip."""

from dataclasses import dataclass
from pathlib import Path

from vidinpaint.core.settings import setting
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.known import find_known
from vidinpaint.marks.template_file import read_template
from vidinpaint.masks.sources.interface import DetectingSource


@dataclass(frozen=True)
class Template(DetectingSource):
    """The mark of an RGBA image, as `vidinpaint mark estimate` writes it, at any place, half to twice as large."""

    path: str = setting("", "The RGBA image.")

    def detect(self, footage: Footage) -> list[Detection]:
        """See `DetectingSource`. Raises MaskError for an image that is no template."""
        return find_known(footage, read_template(Path(self.path)))
