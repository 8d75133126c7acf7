"""`open_set`: a folder as a set of images or of clips."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ClipError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.core.progress import SilentProgress
from vidinpaint.evaluation.frames import frames, time_stamps
from vidinpaint.numerics.image_decoding import quiet
from vidinpaint.video.folders.frame_files import SUFFIXES, frames_in
from vidinpaint.video.readers import open_reader

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".nut", ".avi", ".mpg", ".mpeg", ".ts", ".gif")


@dataclass(frozen=True)
class ImageSet:
    """Paths of image files, or of clips: video files and folders of frames."""

    paths: tuple[Path, ...]
    of_clips: bool

    def images(self, path: Path) -> Iterator[np.ndarray]:
        """The image of a path, or all frames of its clip; each uint8 (H, W, 3) RGB. Raises ClipError."""
        if not self.of_clips:
            yield _image(path)
            return
        with open_reader(path) as reader:
            yield from frames(reader, time_stamps(reader, SilentProgress()))


def open_set(folder: str | Path) -> ImageSet:
    """The images of a folder or, where it has none, its clips. Raises ClipError if there are none of either."""
    path = Path(folder)
    if not path.is_dir():
        raise ClipError("a folder of images or of clips", f"'{path}', which is not one", "Give the folder's path.")
    images = frames_in(path)
    clips = [entry for entry in path.iterdir() if not entry.name.startswith(".") and _is_clip(entry)]
    if not images and not clips:
        expected = f"a folder with images ({', '.join(SUFFIXES)}), video files or folders of frames"
        raise ClipError(expected, f"none in '{path}'", "Check the path.")
    return ImageSet(tuple(images or natural_order(clips)), of_clips=not images)


def _is_clip(path: Path) -> bool:
    return bool(frames_in(path)) if path.is_dir() else path.suffix.lower() in VIDEO_SUFFIXES


def _image(path: Path) -> np.ndarray:
    with quiet():
        data = np.fromfile(path, np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    if image is None:
        raise ClipError("an image", f"'{path}', which cannot be read", "Replace or remove that file.")
    return image
