"""`inpaint_image`: inpaint the mask of one picture, on files and on arrays."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import overload

import numpy as np

from vidinpaint.core.errors import OutputError
from vidinpaint.core.jit_notice import show_compilation
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.images.formats import format_of
from vidinpaint.images.inpainting import check_image, check_range, inpaint
from vidinpaint.images.mask import read_mask
from vidinpaint.images.methods import Settings, picture_method, settings_of
from vidinpaint.images.reading import read_photo
from vidinpaint.images.writing import check_photo_output, write_photo
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.masks.specs import MaskLike


@dataclass(frozen=True)
class Inpainted:
    """What was done to a photo: pixels are those of the mask, notes say what was dropped or converted."""

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
        inpainted = f"{self.method}: {self.pixels} pixels ({share:.2%} of {self.width} x {self.height})"
        lines = [f"{inpainted} in {self.seconds:.2f} s", *(f"note: {note}" for note in self.notes)]
        return "\n".join([*lines, f"result: {self.output}"])


@overload
def inpaint_image(
    image: np.ndarray, mask: MaskLike, output: None = None, *, method: str = ..., settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> np.ndarray: ...  # fmt: skip
@overload
def inpaint_image(
    image: str | Path, mask: MaskLike, output: str | Path, *, method: str = ..., settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> Inpainted: ...  # fmt: skip
def inpaint_image(
    image: np.ndarray | str | Path,
    mask: MaskLike,
    output: str | Path | None = None,
    *,
    method: str = "auto",
    settings: Settings = (),
    grow: int = 0,
    resize_mask: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> np.ndarray | Inpainted:
    """Remove what the mask covers from one image; all other pixels stay as they were, bit for bit.

    image        path of an image file; or an array (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, also (H, W, 1) and
                 (H, W, 2) grey and alpha: uint8 or uint16 in their full range, float32 or float64 in [0, 1]. It is
                 not changed
    mask         one or several: path of an image, over 127 = inpaint; a box "x,y,w,h" in pixels; an array (H, W), bool
                 with True = inpaint, or uint8 with over 127 = inpaint. It shows the image upright, as a viewer shows
                 it. Several masks add up
    output       path of the file to write, in the format that its ending names; None for an array
    method       inpainter for single images, by name, see `list_methods`. Default: "auto"
    settings     of the method: {"patch": 7} or ["patch=7"]. Default: none
    grow         pixels by which the mask is widened, 0 to 1000. Default: 0
    resize_mask  scale a mask of another size instead of refusing it. Default: False
    overwrite    replace the output if it exists; it may be the input. Default: False
    progress     is told how far the method is. Default: nothing is shown

    Returns a new array of the same shape and type for an array, `Inpainted` (what was done) for files.

    Raises `VidinpaintError`: SettingError, ImageError, MaskError, OutputError, or WeightsError of a learned method.
    """
    inpainter = picture_method(method, settings_of(method, settings))
    told = progress or SilentProgress()
    if isinstance(image, (str, Path)):
        if output is None:
            raise OutputError("a path to write to", "none", "Give output=, a file.")
        check_photo_output(Path(output), overwrite)
        photo = read_photo(Path(image))
        format_of(Path(output)).check(photo)
        marked, notes = read_mask(mask, photo.width, photo.height, grow=grow, resize=resize_mask)
        begin = perf_counter()
        pixels = _inpainted(inpainter, photo.pixels, marked, told)
        seconds = perf_counter() - begin
        notes += write_photo(replace(photo, pixels=pixels), Path(output))
        count = int(marked.sum())
        return Inpainted(str(output), method, photo.width, photo.height, count, seconds, tuple(notes))
    if output is not None:
        raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path as image.")
    check_image(image)
    height, width = image.shape[:2]
    marked, _ = read_mask(mask, width, height, grow=grow, resize=resize_mask)
    check_range(image, marked)
    return _inpainted(inpainter, image, marked, told)


def _inpainted(inpainter: ImageInpainter, image: np.ndarray, mask: np.ndarray, progress: Progress) -> np.ndarray:
    progress.begin("image", int(mask.sum()), unit="pixel")
    try:
        with show_compilation(progress):
            return inpaint(inpainter, image, mask, progress)
    finally:
        progress.end()
