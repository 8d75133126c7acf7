"""`inpaint_samples`: several results for the same mask, from different seeds, to choose from."""

from pathlib import Path
from typing import overload

import numpy as np

from vidinpaint.core.errors import OutputError, SettingError
from vidinpaint.core.progress import Progress
from vidinpaint.images.inpaint import Inpainted, inpaint_image
from vidinpaint.images.methods import Settings, settings_of
from vidinpaint.images.writing import check_image_output
from vidinpaint.masks.specs import MaskLike

MAX_SAMPLES = 100


@overload
def inpaint_samples(
    image: np.ndarray, mask: MaskLike, output: None = None, *, samples: int, method: str, settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> list[np.ndarray]: ...  # fmt: skip
@overload
def inpaint_samples(
    image: str | Path, mask: MaskLike, output: str | Path, *, samples: int, method: str, settings: Settings = ...,
    grow: int = ..., resize_mask: bool = ..., overwrite: bool = ..., progress: Progress | None = ...,
) -> list[Inpainted]: ...  # fmt: skip
def inpaint_samples(
    image: np.ndarray | str | Path,
    mask: MaskLike,
    output: str | Path | None = None,
    *,
    samples: int,
    method: str,
    settings: Settings = (),
    grow: int = 0,
    resize_mask: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> list[np.ndarray] | list[Inpainted]:
    """The results of `inpaint_image` for several seeds, to choose from.

    image        path of an image file, or an array, as for `inpaint_image`
    mask         True, or values over 127, = inpaint, as for `inpaint_image`
    output       path from which the outputs are named: OUT.png gives OUT-1.png, OUT-2.png ...; None for an array
    samples      number of results, 1 to 100. Their seeds are consecutive, from the seed in the settings, or from 0
    method       name of an inpainter with a random seed, such as "repaint" or "stable_diffusion"
    settings     settings of the method, as for `inpaint_image`. Default: none
    grow         number of pixels by which the mask is dilated, 0 to 1000. Default: 0
    resize_mask  scale a mask of another size instead of raising an error. Default: False
    overwrite    replace outputs that exist. Default: False
    progress     receives how much of the mask is done, sample by sample. Default: None, no progress is shown

    Returns what `inpaint_image` returns, once per sample: new arrays for an array, `Inpainted` records for a file.

    Raises a `VidinpaintError` as `inpaint_image` does, and a SettingError for a method without a seed.
    """
    if not 1 <= samples <= MAX_SAMPLES:
        raise SettingError(f"1 to {MAX_SAMPLES} samples", str(samples), "Choose a number in this range.")
    table = settings_of(method, settings)
    tables = [{**table, "seed": table.get("seed", 0) + number} for number in range(samples)]
    if not isinstance(image, (str, Path)):
        if output is not None:
            raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path.")
        return [
            inpaint_image(image, mask, method=method, settings=one, grow=grow, resize_mask=resize_mask,
                          progress=progress)
            for one in tables
        ]  # fmt: skip
    if output is None:
        raise OutputError("a path to write to", "none", "Give output=, the path of a file.")
    outputs = [numbered(Path(output), number) for number in range(1, samples + 1)]
    for path in outputs:
        check_image_output(path, overwrite)
    return [
        inpaint_image(image, mask, path, method=method, settings=one, grow=grow, resize_mask=resize_mask,
                      overwrite=overwrite, progress=progress)
        for path, one in zip(outputs, tables)
    ]  # fmt: skip


def numbered(path: Path, number: int) -> Path:
    """out.png -> out-1.png"""
    return path.with_name(f"{path.stem}-{number}{path.suffix}")
