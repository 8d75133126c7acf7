"""A folder of clips, and random parts of consecutive frames of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ClipError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.training.data.photos import scaled
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import open_reader

SUFFIXES = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"}
SHORT_SIDE, MAX_FRAMES = 240, 160
"""Size at which a clip is kept in memory: pixels of the shorter side, and frames."""
CHUNK = 16
"""Frames decoded at a time."""


@dataclass(frozen=True)
class Clips:
    """The clips in a folder and its subfolders, in natural order; downscaled frames stay in memory after first use."""

    folder: str

    def window(self, random: np.random.Generator, frames: int, height: int, width: int) -> np.ndarray:
        """float32 (T, height, width, 3) RGB in [0, 1]: a random part of a random clip, forwards or backwards.

        A clip with too few frames continues backwards at its end.
        """
        paths = _paths(self.folder)
        clip = _read(paths[int(random.integers(len(paths)))])
        looped = np.concatenate([clip, clip[-2:0:-1]]) if len(clip) < frames else clip
        first = int(random.integers(len(looped) - frames + 1)) if len(looped) > frames else 0
        chosen = np.take(looped, range(first, first + frames), axis=0, mode="wrap")[:: random.choice([1, -1])]
        min_scale = max(height / clip.shape[1], width / clip.shape[2])
        scale = min_scale * max(1.0, 1 / min_scale) ** random.random()
        small = np.stack([scaled(frame, scale) for frame in chosen])
        y, x = (int(random.integers(side - part + 1)) for side, part in zip(small.shape[1:3], (height, width)))
        return small[:, y : y + height, x : x + width].astype(np.float32) / np.float32(255)


@cache
def _paths(folder: str) -> tuple[Path, ...]:
    found = tuple(natural_order(path for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES))
    if not found:
        raise ClipError("a folder with clips to train on", f"'{folder}' with none", "Choose another folder with --set.")
    return found


@cache
def _read(path: Path) -> np.ndarray:
    """uint8 (T, H, W, 3): the first frames of a clip, downscaled."""
    small: list[np.ndarray] = []
    with open_reader(path) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan(height=8)], np.int64)[:MAX_FRAMES]
        for start in range(0, len(pts), CHUNK):
            frames = rgb8(reader.read(pts, start, min(start + CHUNK, len(pts))))
            scale = min(1.0, SHORT_SIDE / min(frames.shape[1:3]))
            size = round(frames.shape[2] * scale), round(frames.shape[1] * scale)
            small += [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames]
    return np.stack(small)
