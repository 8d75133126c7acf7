"""`inpaint_samples`: several fills of the same hole, from several seeds, to choose from."""

from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.errors import OutputError, SettingError
from vidinpaint.masks.specs import MaskLike
from vidinpaint.photos.inpaint import Painted, inpaint_image
from vidinpaint.photos.methods import Settings, settings_of
from vidinpaint.photos.writing import check_photo_output

MOST = 100


def inpaint_samples(
    image: np.ndarray | str | Path, hole: MaskLike, output: str | Path | None = None, *, samples: int, method: str,
    settings: Settings = (), overwrite: bool = False, **options: Any,
) -> list[np.ndarray] | list[Painted]:  # fmt: skip
    """The results of `inpaint_image` for so many seeds in a row, the first of them that of the settings, or 0.

    samples  1 to 100
    method   one that draws at random, such as repaint
    output   OUT.png gives OUT-1.png, OUT-2.png ...; None for arrays
    options  others of `inpaint_image`

    Raises `VidinpaintError`; a SettingError for a method without a seed.
    """
    if not 1 <= samples <= MOST:
        raise SettingError(f"1 to {MOST} samples", str(samples), "Choose a number in this range.")
    table = settings_of(method, settings)
    seeds = [table.get("seed", 0) + number for number in range(samples)]
    if isinstance(image, np.ndarray):
        if output is not None:
            raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path.")
        return [
            inpaint_image(image, hole, method=method, settings={**table, "seed": seed}, **options) for seed in seeds
        ]
    if output is None:
        raise OutputError("a path to write to", "none", "Give output=, a file.")
    places = [numbered(Path(output), number) for number in range(1, samples + 1)]
    for place in places:
        check_photo_output(place, overwrite)
    return [
        inpaint_image(
            image, hole, place, method=method, settings={**table, "seed": seed}, overwrite=overwrite, **options
        )
        for place, seed in zip(places, seeds)
    ]


def numbered(path: Path, number: int) -> Path:
    """out.png -> out-1.png"""
    return path.with_name(f"{path.stem}-{number}{path.suffix}")
