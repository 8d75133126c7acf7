"""`Clip`: consecutive frames as the decoder gave them, with their exact times.

Samples stay in the source's own planes (YUV or RGB, 8 to 16 bit), so that what is not inpainted is written back
unchanged. Pixel work happens on float RGB crops made from them (`vidinpaint.video.pixels.colour`).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

Matrix = Literal["bt601", "bt709", "bt2020", "rgb"]


@dataclass(frozen=True)
class PixelFormat:
    """How planes are laid out.

    name      FFmpeg's name of the planar format, e.g. "yuv420p10le", "gbrp", "gray"
    kind      "yuv" (planes Y, U, V), "rgb" (planes R, G, B), "grey" (one plane)
    bits      significant bits per sample, 8 to 16; planes are uint8 for 8 bits, uint16 above
    chroma_x  log2 of the horizontal chroma subsampling (1 for 4:2:0 and 4:2:2)
    chroma_y  log2 of the vertical chroma subsampling (1 for 4:2:0)
    alpha     whether a last full-size plane holds opacity; it is copied as it is, never inpainted
    """

    name: str
    kind: Literal["yuv", "rgb", "grey"]
    bits: int = 8
    chroma_x: int = 0
    chroma_y: int = 0
    alpha: bool = False

    @property
    def dtype(self) -> np.dtype:
        """Type of the samples in memory."""
        return np.dtype(np.uint8 if self.bits <= 8 else np.uint16)

    @property
    def colour_planes(self) -> int:
        """Number of planes without that of the opacity."""
        return 1 if self.kind == "grey" else 3

    def frame_bytes(self, height: int, width: int) -> int:
        """Bytes of one frame in memory."""
        shapes = [self.plane_shape(plane, height, width) for plane in range(self.colour_planes + self.alpha)]
        return self.dtype.itemsize * sum(rows * columns for rows, columns in shapes)

    def plane_shape(self, plane: int, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of one plane of a frame of height x width pixels; odd sizes round up."""
        if self.kind == "yuv" and plane in (1, 2):
            return -(-height >> self.chroma_y), -(-width >> self.chroma_x)
        return height, width


@dataclass(frozen=True)
class Colour:
    """What the sample values mean: YUV matrix and range. `full_range` is False for 16..235 ("tv")."""

    matrix: Matrix = "bt709"
    full_range: bool = False


@dataclass(frozen=True)
class Clip:
    """Frames `first` ... `first + len - 1` of a source.

    planes     an array (T, h, w) for each plane, uint8 or uint16 (values below 2**bits), read-only by convention
    format     layout of the planes
    colour     meaning of the sample values
    pts        int64 (T,): time stamps in units of `time_base` seconds, strictly increasing
    first      index in the source of the first of these frames
    """

    planes: tuple[np.ndarray, ...]
    format: PixelFormat
    colour: Colour
    pts: np.ndarray
    time_base: Fraction
    first: int = 0

    def __post_init__(self) -> None:
        length, height, width = self.planes[0].shape
        count = self.format.colour_planes + self.format.alpha
        if len(self.planes) != count:
            raise ValueError(f"expected {count} planes for {self.format.name}, found {len(self.planes)}")
        for index, plane in enumerate(self.planes):
            shape = (length, *self.format.plane_shape(index, height, width))
            if plane.shape != shape or plane.dtype != self.format.dtype:
                raise ValueError(
                    f"expected plane {index} of {self.format.name} as {self.format.dtype} {shape}, "
                    f"found {plane.dtype} {plane.shape}"
                )
        if self.pts.shape != (length,):
            raise ValueError(f"expected {length} time stamps, found {self.pts.shape}")

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def height(self) -> int:
        return int(self.planes[0].shape[1])

    @property
    def width(self) -> int:
        return int(self.planes[0].shape[2])

    def cut(self, start: int, stop: int) -> "Clip":
        """The frames with absolute indices start:stop, as views."""
        frames = slice(start - self.first, stop - self.first)
        planes = tuple(plane[frames] for plane in self.planes)
        return Clip(planes, self.format, self.colour, self.pts[frames], self.time_base, start)
