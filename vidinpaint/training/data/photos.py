"""A folder of photos as examples: random crops of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.core.natural_order import natural_order

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}


@dataclass(frozen=True)
class Photos:
    """Photos of a folder and the folders in it, sorted by path; read when asked for."""

    folder: str

    @property
    def paths(self) -> tuple[Path, ...]:
        return _paths(self.folder)

    def read(self, number: int) -> np.ndarray:
        """uint8 (H, W, 3) RGB."""
        path = self.paths[number % len(self.paths)]
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if picture is None:
            raise ImageError("a photo to train on", f"'{path}', which cannot be read", "Remove it from the folder.")
        return picture

    def crop(self, random: np.random.Generator, height: int, width: int, closest: float = 1.0) -> np.ndarray:
        """float32 (height, width, 3) RGB in [0, 1]: a random part of a random photo at a random scale, or mirrored.

        closest   largest scale, 1: pixels as they are in the photo (larger where the photo is too small)
        """
        picture = self.read(int(random.integers(len(self.paths))))
        smallest = max(height / picture.shape[0], width / picture.shape[1])
        scale = smallest * max(1.0, closest / smallest) ** random.random()
        return mirrored(random, cut(random, scaled(picture, max(scale, smallest)), height, width)) / np.float32(255)

    def middle(self, number: int, height: int, width: int) -> np.ndarray:
        """float32 (height, width, 3) RGB in [0, 1]: the middle of one photo, at the scale where it just covers it."""
        picture = self.read(number)
        picture = scaled(picture, max(height / picture.shape[0], width / picture.shape[1]))
        y, x = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
        return picture[y : y + height, x : x + width].astype(np.float32) / np.float32(255)


@cache
def _paths(folder: str) -> tuple[Path, ...]:
    if not folder:
        raise SettingError("folders of photos", "none", "Name them with --photos and --validation.")
    found = tuple(natural_order(path for path in Path(folder).rglob("*") if path.suffix.lower() in ENDINGS))
    if not found:
        raise ImageError("a folder with photos", f"'{folder}' with none", "Name another.")
    return found


def scaled(picture: np.ndarray, scale: float) -> np.ndarray:
    """The picture at a scale, one pixel more where it would otherwise round below it."""
    height, width = (int(np.ceil(side * scale - 1e-6)) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def cut(random: np.random.Generator, picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """A random part of a picture that is at least as large."""
    y = int(random.integers(picture.shape[0] - height + 1))
    x = int(random.integers(picture.shape[1] - width + 1))
    return picture[y : y + height, x : x + width]


def mirrored(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """The picture or its mirror image, as chance has it."""
    return picture[:, ::-1] if random.random() < 0.5 else picture
