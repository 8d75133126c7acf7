"""A folder of photos, and random crops of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.core.natural_order import natural_order

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}


@dataclass(frozen=True)
class Photos:
    """The photos in a folder and its subfolders, in natural order; each call reads from disk."""

    folder: str

    @property
    def paths(self) -> tuple[Path, ...]:
        """Raises ImageError for a folder without photos, SettingError for no folder."""
        return _paths(self.folder)

    def read(self, number: int) -> np.ndarray:
        """uint8 (H, W, 3) RGB. Raises ImageError if the file cannot be read."""
        path = self.paths[number % len(self.paths)]
        image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if image is None:
            raise ImageError("a photo to train on", f"'{path}', which cannot be read", "Remove it from the folder.")
        return image

    def crop(self, random: np.random.Generator, height: int, width: int, max_scale: float = 1.0) -> np.ndarray:
        """float32 (height, width, 3) RGB in [0, 1]: a random part of a random photo, at a random scale, maybe mirrored.

        max_scale   greatest scale, 1 = full resolution; exceeded if the photo is too small
        """
        return self.crop_of(int(random.integers(len(self.paths))), random, height, width, max_scale)

    def crop_of(
        self, number: int, random: np.random.Generator, height: int, width: int, max_scale: float = 1.0
    ) -> np.ndarray:
        """As `crop`, of the photo with this number."""
        image = self.read(number)
        min_scale = max(height / image.shape[0], width / image.shape[1])
        scale = min_scale * max(1.0, max_scale / min_scale) ** random.random()
        return mirrored(random, cut(random, scaled(image, max(scale, min_scale)), height, width)) / np.float32(255)

    def centre(self, number: int, height: int, width: int) -> np.ndarray:
        """float32 (height, width, 3) RGB in [0, 1]: the centre of a photo that is scaled to just cover it."""
        image = self.read(number)
        image = scaled(image, max(height / image.shape[0], width / image.shape[1]))
        y, x = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
        return image[y : y + height, x : x + width].astype(np.float32) / np.float32(255)


@cache
def _paths(folder: str) -> tuple[Path, ...]:
    if not folder:
        raise SettingError("folders of photos", "none", "Give them with --photos and --validation.")
    found = tuple(natural_order(path for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES))
    if not found:
        raise ImageError("a folder with photos", f"'{folder}' with none", "Choose another folder.")
    return found


def scaled(image: np.ndarray, scale: float) -> np.ndarray:
    """The image resized by a scale; sides are rounded up."""
    height, width = (int(np.ceil(side * scale - 1e-6)) for side in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def cut(random: np.random.Generator, image: np.ndarray, height: int, width: int) -> np.ndarray:
    """A random part, height x width, of an image that is at least as large."""
    y = int(random.integers(image.shape[0] - height + 1))
    x = int(random.integers(image.shape[1] - width + 1))
    return image[y : y + height, x : x + width]


def mirrored(random: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """The image or, with probability 1/2, its mirror image."""
    return image[:, ::-1] if random.random() < 0.5 else image
