"""Burnt-in subtitles and captions, found by looking at the clip."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.core.settings import setting
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.network import LineDetector
from vidinpaint.detection.text.search import find_text
from vidinpaint.masks.sources.interface import DetectingSource
from vidinpaint.weights.catalogue import Learned, Weights, find


@dataclass(frozen=True)
class Text(DetectingSource, Learned):
    """Burnt-in subtitles, captions and credits, masked per glyph with outline and shadow.

    Text that belongs to the scene, such as signs and shirts, is left alone.
    """

    size: int = setting(640, "Longer side of the picture in which lines are looked for.", low=160, unit="pixels")
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

    def detect(self, footage: Footage) -> list[Detection]:
        """See `DetectingSource`. Raises WeightsError for weights that are missing."""
        detector = LineDetector(find("text", self.weights, self.known_weights), self.size)
        return find_text(footage, detector.lines)
