"""`LineDetector`: the text detector of PP-OCR, run by OpenCV."""

from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.text.probability_map import Found, line_boxes

MEAN = np.array((0.485, 0.456, 0.406), np.float32)  # of the training images, in the order that PP-OCR feeds them: BGR
DEVIATION = np.array((0.229, 0.224, 0.225), np.float32)
STRIDE = 32  # the network halves its input five times
LEAST_SCORE = 0.5  # of the mean probability of a line; the value of PP-OCR
LARGEST_SCALE = 2.0  # of small pictures, whose letters have too few pixels for the network; more shows it nothing new


class LineDetector:
    """The detector of a file in ONNX format. Raises cv2.error where OpenCV cannot load or run it."""

    def __init__(self, path: Path, longest: int) -> None:
        """longest: pixels of the longer side of what the network sees; other pictures are scaled to it."""
        self._network = cv2.dnn.readNetFromONNX(str(path), engine=cv2.dnn.ENGINE_NEW)  # three times as fast as the old
        self._longest = longest

    def lines(self, picture: np.ndarray) -> list[Found]:
        """The level lines of text in a picture uint8 (H, W, 3) RGB, with boxes in its pixels."""
        height, width = picture.shape[:2]
        scale = min(LARGEST_SCALE, self._longest / max(height, width))
        probability = self._probability(
            cv2.resize(
                picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            )
        )
        return [
            Found(_scaled(line.box, 1 / scale, width, height), line.score)
            for line in line_boxes(probability, LEAST_SCORE)
        ]

    def _probability(self, picture: np.ndarray) -> np.ndarray:
        """float32 (h, w), 0 to 1."""
        height, width = picture.shape[:2]
        padded = np.zeros((-(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE, 3), np.float32)
        padded[:height, :width] = (picture[..., ::-1] / np.float32(255) - MEAN) / DEVIATION
        self._network.setInput(np.ascontiguousarray(padded.transpose(2, 0, 1)[None]))
        return np.asarray(self._network.forward()[0, 0, :height, :width], np.float32)


def _scaled(box: Box, factor: float, width: int, height: int) -> Box:
    """A box in a picture that is larger by a factor, of width x height pixels."""
    left, top = int(box.x * factor), int(box.y * factor)
    right = min(width, round((box.x + box.width) * factor + 0.5))
    bottom = min(height, round((box.y + box.height) * factor + 0.5))
    return Box(left, top, max(1, right - left), max(1, bottom - top))
