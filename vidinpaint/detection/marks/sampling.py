"""`Samples`: frames spread over the clip, reduced in size, on which marks are searched."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.detection.footage import Footage

MAX_SAMPLES = 160  # bounds memory (92 MB at 960 x 600) and time for clips of hours; 8 frames a second of a 20 s clip
LONG_SIDE = 960  # pixels; a stroke of 2 pixels in 1080p survives the reduction by 2
BLOCK = 6  # samples whose gradients are averaged: shorter than the stay of a mark that jumps every two seconds


@dataclass(frozen=True, eq=False)
class Samples:
    """Some frames of a clip.

    frames  int64 (N,): which frames
    grey    uint8 (N, h, w): their luma, `factor` times smaller than the clip
    blocks  ranges start:stop of samples, in order and without gaps; none crosses a cut
    cuts    the samples that a shot begins with
    factor  whole number of pixels of the clip per pixel of the samples
    """

    frames: np.ndarray
    grey: np.ndarray
    blocks: tuple[tuple[int, int], ...]
    factor: int
    cuts: frozenset[int] = frozenset()


def take_samples(footage: Footage) -> Samples:
    """At most `MAX_SAMPLES` frames at equal distances, read in order."""
    total = len(footage)
    frames = np.unique(np.linspace(0, total - 1, min(total, MAX_SAMPLES)).round().astype(np.int64))
    factor = -(-max(footage.height, footage.width) // LONG_SIDE)
    grey = np.empty((len(frames), max(1, footage.height // factor), max(1, footage.width // factor)), np.uint8)
    for index, frame in enumerate(frames):
        grey[index] = reduced(footage.grey(int(frame), int(frame) + 1)[0], factor)
        footage.progress(int(frame))
    cuts = frozenset(int(np.searchsorted(frames, start)) for start, _ in footage.shots)
    return Samples(frames, grey, tuple(_blocks(frames, footage.shots)), factor, cuts)


def reduced(grey: np.ndarray, factor: int) -> np.ndarray:
    """The mean of each square of factor x factor pixels; rows and columns that do not fill one are left out."""
    if factor == 1:
        return grey
    height, width = max(1, grey.shape[0] // factor), max(1, grey.shape[1] // factor)
    return cv2.resize(grey[: height * factor, : width * factor], (width, height), interpolation=cv2.INTER_AREA)


def _blocks(frames: np.ndarray, shots: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    for shot_start, shot_stop in shots:
        start, stop = (int(n) for n in np.searchsorted(frames, (shot_start, shot_stop)))
        if stop > start:
            bounds = np.linspace(start, stop, max(1, round((stop - start) / BLOCK)) + 1).round().astype(int)
            yield from zip(bounds[:-1].tolist(), bounds[1:].tolist())
