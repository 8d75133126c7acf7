"""`decode_upright`: the samples of an image file in memory, turned as viewers show it."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from vidinpaint.core.orientation import file_turn


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps OpenCV from writing about broken files to stderr; the error that is raised explains it in one line."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)


def decode_upright(data: np.ndarray) -> np.ndarray | None:
    """(H, W) or (H, W, C) in OpenCV's order of channels, of the bytes uint8 (N,) of a file; None if unreadable."""
    try:
        with quiet():
            samples, kinds, blocks = cv2.imdecodeWithMetadata(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if samples is None or not samples.size:
        return None
    exif = dict(zip(map(int, kinds), blocks)).get(cv2.IMAGE_METADATA_EXIF)
    turn = file_turn(data.tobytes(), b"" if exif is None else np.asarray(exif).tobytes())
    return np.ascontiguousarray(turn(samples))
