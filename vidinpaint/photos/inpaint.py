"""`inpaint_image`: paint the hole of one picture, on files and on arrays."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import overload

import numpy as np

from vidinpaint.compiling import compiling_shown
from vidinpaint.errors import OutputError
from vidinpaint.fillers.interface import ImageInpainter
from vidinpaint.masks.specs import MaskLike
from vidinpaint.photos.formats import format_of
from vidinpaint.photos.hole import read_hole
from vidinpaint.photos.methods import Settings, picture_method, settings_of
from vidinpaint.photos.painting import check_image, check_range, paint
from vidinpaint.photos.reading import read_photo
from vidinpaint.photos.writing import check_photo_output, write_photo
from vidinpaint.progress import Progress, Silent


@dataclass(frozen=True)
class Painted:
    """What was done to a photo: pixels are those of the hole, notes say what was dropped or converted."""

    output: str
    method: str
    width: int
    height: int
    pixels: int
    seconds: float
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """A few lines for the end of a run."""
        share = self.pixels / (self.width * self.height)
        painted = f"{self.method}: {self.pixels} pixels ({share:.2%} of {self.width} x {self.height})"
        lines = [f"{painted} in {self.seconds:.2f} s", *(f"note: {note}" for note in self.notes)]
        return "\n".join([*lines, f"result: {self.output}"])


@overload
def inpaint_image(
    image: np.ndarray, hole: MaskLike, output: None = None, *, method: str = ..., settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> np.ndarray: ...  # fmt: skip
@overload
def inpaint_image(
    image: str | Path, hole: MaskLike, output: str | Path, *, method: str = ..., settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> Painted: ...  # fmt: skip
def inpaint_image(
    image: np.ndarray | str | Path,
    hole: MaskLike,
    output: str | Path | None = None,
    *,
    method: str = "auto",
    settings: Settings = (),
    grow: int = 0,
    resize_mask: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> np.ndarray | Painted:
    """Paint the hole of one picture; everything else stays as it was, bit for bit.

    image      path of a photo; or an array (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, also (H, W, 1) and (H, W, 2)
               grey and alpha: uint8 or uint16 in their full range, float32 or float64 in [0, 1]
    hole       bool (H, W), True = paint, or uint8, over 127 = paint; or path of a mask picture, or a box "x,y,w,h"; or
               several of these. It shows the picture upright, i.e. as a viewer shows it
    output     path of the photo to write, in the format that its name says; None for an array
    method     name of a filler for single pictures; `vidinpaint list` names them
    settings   of the method: {"patch": 7} or ["patch=7"]
    grow       pixels by which the hole is widened, 0 to 1000
    resize_mask  scale a mask of another size instead of refusing it
    overwrite  replace the output if it exists; it may be the input

    Returns for an array a new one of the same shape and type, for files what was done (`Painted`). Raises
    `VidinpaintError`.
    """
    filler = picture_method(method, settings_of(method, settings))
    told = progress or Silent()
    if isinstance(image, (str, Path)):
        if output is None:
            raise OutputError("a path to write to", "none", "Give output=, a file.")
        check_photo_output(Path(output), overwrite)
        photo = read_photo(Path(image))
        format_of(Path(output)).check(photo)
        mask, notes = read_hole(hole, photo.width, photo.height, grow=grow, resize=resize_mask)
        begin = perf_counter()
        pixels = _painted(filler, photo.pixels, mask, told)
        seconds = perf_counter() - begin
        notes += write_photo(replace(photo, pixels=pixels), Path(output))
        count = int(mask.sum())
        return Painted(str(output), method, photo.width, photo.height, count, seconds, tuple(notes))
    if output is not None:
        raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path as image.")
    check_image(image)
    height, width = image.shape[:2]
    mask, _ = read_hole(hole, width, height, grow=grow, resize=resize_mask)
    check_range(image, mask)
    return _painted(filler, image, mask, told)


def _painted(filler: ImageInpainter, image: np.ndarray, hole: np.ndarray, progress: Progress) -> np.ndarray:
    progress.begin("image", int(hole.sum()), unit="pixel")
    try:
        with compiling_shown(progress):
            return paint(filler, image, hole, progress)
    finally:
        progress.end()
