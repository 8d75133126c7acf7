"""`ImageFile`: the pixels of one image, upright, and the metadata of its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from vidinpaint.video.folders.still_metadata import StillMetadata

EXIF, XMP, ICC, CICP = (
    cv2.IMAGE_METADATA_EXIF, cv2.IMAGE_METADATA_XMP, cv2.IMAGE_METADATA_ICCP, cv2.IMAGE_METADATA_CICP,
)  # fmt: skip
NAMES = {EXIF: "EXIF", XMP: "XMP", ICC: "the colour profile (ICC)", CICP: "the colour code points (CICP)"}


@dataclass(frozen=True)
class ImageFile:
    """One image as a viewer shows it.

    pixels    grey (H, W), RGB (H, W, 3) or RGBA (H, W, 4); uint8, uint16, or float32 or float64 in [0, 1]
    metadata  blocks by kind (EXIF, XMP, ICC, CICP), as OpenCV reads and writes them
    beside    what else lies in the file, beside these pixels
    """

    pixels: np.ndarray
    metadata: Mapping[int, bytes] = field(default_factory=dict)
    beside: StillMetadata = field(default_factory=StillMetadata)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def grey(self) -> bool:
        return self.pixels.ndim == 2

    @property
    def alpha(self) -> bool:
        return self.pixels.ndim == 3 and self.pixels.shape[2] == 4

    @property
    def depth(self) -> str:
        """The depth of the samples: "8 bit", "16 bit" or "float"."""
        return {1: "8 bit", 2: "16 bit"}.get(self.pixels.itemsize, "float")
