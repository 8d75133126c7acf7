"""`ScannedFrame`: small grey pictures of frames, for the scan."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.clip import PixelFormat


@dataclass(frozen=True)
class ScannedFrame:
    """One frame of a scan: its time stamp, and a small grey picture uint8 (h, w) of it."""

    pts: int
    grey: np.ndarray


def thumbnail(planes: list[np.ndarray] | tuple[np.ndarray, ...], format: PixelFormat, height: int) -> np.ndarray:
    """A grey picture uint8 (h, w) of one frame, h at most `height`, aspect kept.

    planes: (H, W) each. YUV gives its luma codes as they are, RGB a mean with BT.601 weights.
    """
    rows, columns = planes[0].shape
    size = (max(1, round(columns * height / rows)), height) if rows > height else (columns, rows)
    colours = planes[:3] if format.kind == "rgb" else planes[:1]
    whole = [np.ascontiguousarray(plane) for plane in colours]  # OpenCV takes no reversed rows
    small = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32) for plane in whole]
    grey = small[0] if len(small) == 1 else 0.299 * small[0] + 0.587 * small[1] + 0.114 * small[2]
    return np.asarray(np.rint(grey / 2 ** max(0, format.bits - 8)).clip(0, 255), np.uint8)
