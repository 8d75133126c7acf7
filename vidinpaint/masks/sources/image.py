"""A file with one image."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidinpaint.masks.mask_image import is_image, read_mask_image
from vidinpaint.masks.sources.interface import MaskSource, TargetClip


@dataclass(frozen=True)
class Image(MaskSource):
    """An image file, such as logo.png, the same in every frame; values over 127 are inpainted."""

    path: Path

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, Path) and source.is_file() and is_image(source)

    def open(self, clip: TargetClip) -> np.ndarray:
        """See `MaskSource`."""
        return read_mask_image(self.path, clip.size)
