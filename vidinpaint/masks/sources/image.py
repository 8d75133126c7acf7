"""A file with one image."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidinpaint.masks.mask_image import EXTENSIONS, is_image, read_mask_image
from vidinpaint.masks.sources.interface import MaskSource, TargetClip


@dataclass(frozen=True)
class Image(MaskSource):
    """An image file, such as logo.png, the same in every frame; values over 127 are inpainted."""

    path: Path

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, Path) and source.is_file() and _shows_one_image(source)

    def open(self, clip: TargetClip) -> np.ndarray:
        """See `MaskSource`."""
        return read_mask_image(self.path, clip.size)


def _shows_one_image(path: Path) -> bool:
    return path.suffix.lower() in EXTENSIONS - {".gif"} or is_image(path)
