"""`Activity`: how much of the picture changes from frame to frame, apart from lines of text."""

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.footage import Footage

BLOCK = 8  # pixels of a side of the blocks that are compared
DIFFERENT = 6  # grey levels of a block's mean, from which it has changed
SPREAD = 2  # frames on each side over which a change of the picture spreads: coarse compression
NEAR = 16  # frames on each side with which the activity at a frame is compared
USUAL = 0.9  # quantile of their activity: drawn animation changes only every few frames
JUMP = 0.1
"""By which the activity exceeds the usual one of the frames around where the whole picture changes. Measured: 0.5 where
a page scrolls and 0.95 at a cut, up to 0.05 elsewhere."""


class Activity:
    """Takes the frames in order; `values` float32 (T,): the changed part of each, NaN where it is not known."""

    def __init__(self, footage: Footage, lines: list[Box]) -> None:
        self.values = np.full(len(footage), np.nan, np.float32)
        rows, columns = max(1, footage.height // BLOCK), max(1, footage.width // BLOCK)
        self._size = columns, rows
        self._plain = np.ones((rows, columns), bool)
        for box in lines:
            top, left = max(0, box.y // BLOCK - 1), max(0, box.x // BLOCK - 1)
            self._plain[top : (box.y + box.height) // BLOCK + 2, left : (box.x + box.width) // BLOCK + 2] = False
        self._last: tuple[int, np.ndarray] | None = None

    def add(self, start: int, grey: np.ndarray) -> None:
        """grey: uint8 (n, H, W), the frames from `start` on."""
        for frame, image in enumerate(grey, start):
            blocks = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA).astype(np.int16)
            if self._last is not None and self._last[0] == frame - 1 and self._plain.any():
                self.values[frame] = (np.abs(blocks - self._last[1]) > DIFFERENT)[self._plain].mean()
            self._last = frame, blocks


def continues(activity: np.ndarray, frame: int) -> bool:
    """Whether the picture goes on as before at a frame, apart from lines of text."""
    here = activity[max(0, frame - SPREAD) : frame + SPREAD + 1]
    around = np.concatenate(
        (activity[max(0, frame - NEAR) : max(0, frame - SPREAD)], activity[frame + SPREAD + 1 :][:NEAR])
    )
    here, around = here[np.isfinite(here)], around[np.isfinite(around)]
    return not len(here) or not len(around) or float(here.max()) < JUMP + float(np.quantile(around, USUAL))
