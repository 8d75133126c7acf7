"""Burnt-in subtitles and captions, found by looking at the clip."""

import logging
from dataclasses import dataclass
from typing import ClassVar

import cv2

from vidinpaint.core.settings import setting
from vidinpaint.detection.area import Area
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.network import LineDetector
from vidinpaint.detection.text.search import FindLines, find_text
from vidinpaint.detection.text.stroke_lines import stroke_lines
from vidinpaint.masks.sources.interface import DetectingSource
from vidinpaint.weights.catalogue import Learned, Weights, find

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Text(DetectingSource, Learned):
    """Burnt-in subtitles, captions and credits, masked per glyph with outline, shadow and shaded box.

    Text that belongs to the scene, such as signs and shirts, is left alone; so are logos, which `mark` finds.
    """

    area: str = setting("", "Only lines in it: lower, corners ... or a box x,y,w,h; several joined by '+'.")
    keep: str = setting("", "Lines in it are left alone: written as `area`.")
    scene: bool = setting(False, "Whether text that belongs to the scene, such as signs, is masked as well.")
    method: str = setting(
        "network",
        "How lines are found: by a network, or by their strokes, which is worse.",
        choices=("network", "strokes"),
    )
    size: int = setting(
        640, "Longer side of the picture in which the network looks for lines.", low=160, high=4096, unit="pixels"
    )
    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first installed.")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights(
            "pp_ocr_v4_det",
            "text",
            "pp_ocr_v4_det.onnx",
            "the text detector of PP-OCRv4, mobile",
            "https://github.com/PaddlePaddle/PaddleOCR",
            "Apache-2.0",
            bundled=True,
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        Area.parse(self.area, "text.area")
        Area.parse(self.keep, "text.keep")

    def detect(self, footage: Footage) -> list[Detection]:
        """See `DetectingSource`. Raises WeightsError for weights that are missing."""
        only, without = Area.parse(self.area, "text.area"), Area.parse(self.keep, "text.keep")
        return find_text(footage, self._finder(), only, without, self.scene)

    def _finder(self) -> FindLines:
        if self.method == "strokes":
            return stroke_lines
        path = find("text", self.weights, self.known_weights)
        try:
            return LineDetector(path, self.size).lines
        except cv2.error as error:
            reason = str(error).strip().splitlines()[-1]
            log.warning("OpenCV cannot load '%s' (%s): text is found by its strokes, which is worse", path, reason)
            return stroke_lines
