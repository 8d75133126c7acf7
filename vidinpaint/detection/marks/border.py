"""The edge of the frame, black bars and the frame of a film, which stand still and are no marks."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.window import Box

MARGIN = 3  # pixels at the edge of the frame, where encoders and scalers leave lines
BLACK = 28  # grey levels: black of video range with its noise
STEADY = 4  # grey levels of standard deviation over time
NARROW = 7  # pixels; what is thinner than this belongs to a dark scene
BLUR = 4  # pixels, of the edge between a bar and the picture
RAGGED = 40  # the long side of the frame over the width to which the edge of a film's frame is ragged


@dataclass(frozen=True, eq=False)
class Border:
    """bool (h, w) each.

    pixels  True where no mark is looked for
    near    True where edges may belong to the border, so that a mark needs others too
    """

    pixels: np.ndarray
    near: np.ndarray


def frame_border(grey: np.ndarray) -> Border:
    """The border of a clip, of its frames uint8 (N, h, w)."""
    black = grey.sum(0, dtype=np.uint32) < BLACK * len(grey)
    black[black] = grey[:, black].std(0) < STEADY  # of the dark pixels alone, which takes most of the time
    padded = cv2.copyMakeBorder(black.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(padded)
    bars = (labels == labels[0, 0])[1:-1, 1:-1].astype(np.uint8)
    bars = cv2.morphologyEx(bars, cv2.MORPH_OPEN, np.ones((NARROW, NARROW), np.uint8))
    inner = np.zeros(black.shape, bool)
    inner[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    return Border(_widened(bars, BLUR) | ~inner, _widened(bars, max(black.shape) // RAGGED) | ~inner)


def touches_edge(box: Box, height: int, width: int) -> bool:
    """Whether a box reaches to the edge of a frame of height x width pixels."""
    inside_x = box.x > MARGIN and box.x + box.width < width - MARGIN
    inside_y = box.y > MARGIN and box.y + box.height < height - MARGIN
    return not (inside_x and inside_y)


def _widened(mask: np.ndarray, radius: int) -> np.ndarray:
    return cv2.dilate(mask, np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)) > 0
