"""`thumbnail`: small grey images of frames, for the scan."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.clip import PixelFormat


@dataclass(frozen=True)
class ScannedFrame:
    """One frame of a scan: its time stamp, and a small grey image uint8 (h, w) of it."""

    pts: int
    grey: np.ndarray


def thumbnail(planes: list[np.ndarray] | tuple[np.ndarray, ...], format: PixelFormat, height: int) -> np.ndarray:
    """A grey image uint8 (h, w) of one frame, with h at most `height` and the aspect ratio of the frame.

    planes: (H, W) each. YUV gives its luma codes unchanged, RGB a mean with BT.601 weights.
    """
    rows, columns = planes[0].shape
    size = (max(1, round(columns * height / rows)), height) if rows > height else (columns, rows)
    colours = planes[:3] if format.kind == "rgb" else planes[:1]
    contiguous = [np.ascontiguousarray(plane) for plane in colours]  # OpenCV does not accept reversed rows
    small = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32) for plane in contiguous]
    grey = small[0] if len(small) == 1 else 0.299 * small[0] + 0.587 * small[1] + 0.114 * small[2]
    return np.asarray(np.rint(grey / 2 ** max(0, format.bits - 8)).clip(0, 255), np.uint8)
