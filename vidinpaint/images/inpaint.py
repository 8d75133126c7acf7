"""`inpaint_image`: inpaint the mask of one image, given as a file or an array."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import overload

import numpy as np

from vidinpaint.core.errors import OutputError
from vidinpaint.core.jit_notice import show_compilation
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.execution.jobs.job import mask_texts
from vidinpaint.execution.jobs.output_place import check_no_mask, output_lock
from vidinpaint.images.formats import format_of
from vidinpaint.images.inpainting import check_image, check_range, inpaint
from vidinpaint.images.mask import read_mask
from vidinpaint.images.methods import Settings, image_method, settings_of
from vidinpaint.images.reading import read_image_file
from vidinpaint.images.writing import check_image_output, write_image_file
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.masks.specs import MaskLike


@dataclass(frozen=True)
class Inpainted:
    """What `inpaint_image` did to a file.

    output         path of the file that was written
    method         name of the inpainter
    width, height  of the image, upright, in pixels
    pixels         number of mask pixels, all of them inpainted
    seconds        that inpainting took, without reading and writing
    notes          sentences about what was dropped or converted
    """

    output: str
    method: str
    width: int
    height: int
    pixels: int
    seconds: float
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """A few lines to print at the end of a run."""
        share = self.pixels / (self.width * self.height)
        first = f"{self.method}: {self.pixels} pixels ({share:.2%} of {self.width} x {self.height})"
        notes = (f"note: {note}" for note in self.notes)
        return "\n".join([f"{first} in {self.seconds:.2f} s", *notes, f"result: {self.output}"])


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
    """Remove what the mask covers from one image; all other pixels stay exactly as they were.

    image        path of an image file; or an array (H, W) or (H, W, 1) grey, (H, W, 2) grey with alpha, (H, W, 3) RGB
                 or (H, W, 4) RGBA: uint8 or uint16 in their full range, float32 or float64 in [0, 1]. The array is not
                 changed, and an alpha channel is kept as it is
    mask         path of an image in which values over 127 mean inpaint; a box "x,y,width,height" in pixels; an array
                 (H, W), bool with True = inpaint, or uint8 with values over 127 = inpaint. It refers to the upright
                 image, as a viewer shows it. Of several masks, in a list, the union is inpainted
    output       path of the file to write, in the format of its suffix; None for an array
    method       name of an inpainter for single images, see `list_methods`. Default: "auto"
    settings     settings of the method: {"radius": 5} or ["radius=5"]. Default: none
    grow         number of pixels by which the mask is dilated, 0 to 1000. Default: 0
    resize_mask  scale a mask of another size instead of raising an error. Default: False
    overwrite    replace the output if it exists; it may be the input. Default: False
    progress     receives how much of the mask is done. Default: None, no progress is shown

    Returns a new array of the same shape and type for an array, an `Inpainted` record for a file.

    Raises a `VidinpaintError`: SettingError, ImageError, MaskError (MaskCoverageError if the mask covers all of the
    image), OutputError, or WeightsError if a learned method has no weights.
    """
    inpainter = image_method(method, settings_of(method, settings))
    progress = progress or SilentProgress()
    if isinstance(image, (str, Path)):
        if output is None:
            raise OutputError("a path to write to", "none", "Give output=, the path of a file.")
        check_image_output(Path(output), overwrite)
        check_no_mask(Path(output), [text for text in mask_texts(mask) if isinstance(text, str)])
        with output_lock(str(output)):
            check_image_output(Path(output), overwrite)  # another run may just have written it
            source = read_image_file(Path(image))
            format_of(Path(output)).check(source)
            mask_pixels, notes = read_mask(mask, source.width, source.height, grow=grow, resize=resize_mask)
            begin = perf_counter()
            pixels = _inpainted(inpainter, source.pixels, mask_pixels, progress)
            seconds = perf_counter() - begin
            notes += write_image_file(replace(source, pixels=pixels), Path(output))
        count = int(mask_pixels.sum())
        return Inpainted(str(output), method, source.width, source.height, count, seconds, tuple(notes))
    if output is not None:
        raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path as image.")
    check_image(image)
    height, width = image.shape[:2]
    mask_pixels, _ = read_mask(mask, width, height, grow=grow, resize=resize_mask)
    check_range(image, mask_pixels)
    return _inpainted(inpainter, image, mask_pixels, progress)


def _inpainted(inpainter: ImageInpainter, image: np.ndarray, mask: np.ndarray, progress: Progress) -> np.ndarray:
    progress.begin("image", int(mask.sum()), unit="pixel")
    try:
        with show_compilation(progress):
            return inpaint(inpainter, image, mask, progress)
    finally:
        progress.end()
