"""Dense inverse search, implemented by OpenCV: fast on a CPU, and good for small to medium motion.

Kroeger, Timofte, Dai, Van Gool 2016, Fast Optical Flow using Dense Inverse Search. OpenCV splits a picture into as
many stripes as it has threads and the result depends on them, and one object used from two threads crashes. So each
call uses one OpenCV thread and its own object, and pairs run in parallel instead: the same flow on every machine.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import cv2
import numba
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.flow.interface import FlowMethod

PRESETS = ("ultrafast", "fast", "medium")
FINEST = {"ultrafast": 2, "fast": 2, "medium": 1}  # halvings of the frame for the finest estimate, as in OpenCV
MIN_SIDE = 32  # pixels that OpenCV's pyramid needs


@dataclass(frozen=True)
class Dis(FlowMethod):
    """Dense inverse search (OpenCV): no weights needed, the default."""

    preset: str = setting("medium", "Accuracy; medium is the best.", choices=PRESETS)
    finest: int = setting(-1, "Halvings of the frame for the finest estimate; -1: as the preset.", low=-1, high=4)

    def for_downscaled(self, times: int) -> "Dis":
        """See `FlowMethod`."""
        return replace(self, finest=max(0, self._finest - times))

    @property
    def _finest(self) -> int:
        return FINEST[self.preset] if self.finest < 0 else self.finest

    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `FlowMethod`."""
        forward = np.zeros((*wanted.shape, *frames.shape[1:3], 2), np.float32)
        backward = np.zeros_like(forward)
        greys = {t: grey_levels(frames[t]) for pair in np.flatnonzero(wanted).tolist() for t in (pair, pair + 1)}

        def both_ways(pair: int) -> None:
            forward[pair] = self.between(greys[pair], greys[pair + 1])
            backward[pair] = self.between(greys[pair + 1], greys[pair])

        with one_opencv_thread(), ThreadPoolExecutor(numba.get_num_threads()) as pool:
            list(pool.map(both_ways, np.flatnonzero(wanted).tolist()))
        return forward, backward

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Flow float32 (H, W, 2) from one grey picture uint8 (H, W) to another; inside `one_opencv_thread`."""
        search = cv2.DISOpticalFlow.create(PRESETS.index(self.preset))
        search.setFinestScale(self._finest)
        height, width = first.shape
        bottom, right = max(0, MIN_SIDE - height), max(0, MIN_SIDE - width)
        if bottom or right:
            first, second = (
                cv2.copyMakeBorder(grey, 0, bottom, 0, right, cv2.BORDER_REPLICATE) for grey in (first, second)
            )
        flow = search.calc(first, second, None)  # type: ignore[call-overload]
        return np.asarray(flow[:height, :width], np.float32)


@contextmanager
def one_opencv_thread() -> Iterator[None]:
    """OpenCV uses one thread inside; the number of threads is restored afterwards."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def grey_levels(frame: np.ndarray) -> np.ndarray:
    """uint8 (H, W): a frame float32 (H, W, 3) RGB in [0, 1] as OpenCV's flow methods take it."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return np.asarray(np.clip(grey * 255 + 0.5, 0, 255).astype(np.uint8))
