"""A folder of photos that were inpainted ahead by several methods: examples for networks that judge results.

    python -m vidinpaint.training.data.inpainted_photos --photos DIR -o DIR --count 1400 --per-photo 2

Slow methods would hold up a training, so their results are made once. The folder holds, as PNG files,

    photos/NUMBER.png             a random crop of a photo
    masks/NUMBER.png              a random mask, white = inpainted
    inpainted/METHOD/NUMBER.png   the crop, inpainted under the mask by a method

The seed and the number determine all three. The command continues a folder that it did not finish.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.training.data.masks import any_mask
from vidinpaint.training.data.photos import Photos

METHODS = (
    "harmonic", "telea", "navier_stokes", "biharmonic", "coherence", "total_variation",
    "patchmatch", "patch_search", "criminisi", "efros_leung", "gated_conv", "partial_conv",
)  # fmt: skip
"""Methods with results in less than a second at this size; others are left for the validation."""
KINDS = ("irregular", "free_form", "box", "object")
"""Kinds of masks, equally likely."""


@dataclass(frozen=True)
class InpaintedPhoto:
    """One example.

    truth, result  uint8 (H, W, 3) RGB, before and after inpainting
    mask           bool (H, W), True = inpainted
    """

    truth: np.ndarray
    result: np.ndarray
    mask: np.ndarray


@dataclass(frozen=True)
class InpaintedPhotos:
    """The examples in a folder; each call of `read` reads from disk."""

    folder: str

    @property
    def numbers(self) -> dict[str, tuple[str, ...]]:
        """Method -> names of its examples, both in natural order. Raises SettingError or ImageError if none exist."""
        return _numbers(self.folder)

    def read(self, method: str, number: str) -> InpaintedPhoto:
        """The result of a method with this name. Raises ImageError for a file that cannot be read."""
        folder, file = Path(self.folder), f"{number}.png"
        truth, result = (_read(folder / part / file) for part in ("photos", f"inpainted/{method}"))
        return InpaintedPhoto(truth, result, _read(folder / "masks" / file)[..., 0] > 127)


def make_inpainted_photos(
    photos: Photos,
    folder: Path,
    count: int,
    size: int,
    methods: Sequence[str] = METHODS,
    per_photo: int = 1,
    seed: int = 0,
) -> None:
    """Write examples into a folder; existing ones stay.

    photos     the photos that the crops are taken from, in turn
    count      number of crops
    size       side of a crop, in pixels
    per_photo  number of methods, chosen at random, that inpaint each crop; at most all of `methods`
    """
    inpainters = {name: _inpainter(name) for name in methods}
    for number in tqdm(range(count), unit="crop", mininterval=1.0):
        random = np.random.default_rng((seed, number))
        truth = np.rint(photos.crop_of(number, random, size, size) * 255).astype(np.uint8)
        mask = any_mask(random, size, size, KINDS)
        chosen = random.permutation(sorted(methods))[:per_photo]
        _write(folder / "photos" / f"{number}.png", truth)
        _write(folder / "masks" / f"{number}.png", np.repeat(mask[..., None] * np.uint8(255), 3, -1))
        for name in chosen:
            path = folder / "inpainted" / name / f"{number}.png"
            if not path.exists():
                _write(path, inpaint_array(inpainters[name], truth, mask))


@cache
def _numbers(folder: str) -> dict[str, tuple[str, ...]]:
    remedy = "Make examples with `python -m vidinpaint.training.data.inpainted_photos` and give their folder."
    if not folder:
        raise SettingError("a folder of inpainted photos", "none", remedy)
    found: dict[str, list[str]] = {}
    for path in natural_order((Path(folder) / "inpainted").glob("*/*.png")):
        found.setdefault(path.parent.name, []).append(path.stem)
    if not found:
        raise ImageError("a folder with inpainted photos", f"'{folder}' with none", remedy)
    return {name: tuple(numbers) for name, numbers in sorted(found.items())}


def _inpainter(name: str) -> ImageInpainter:
    inpainter = build("inpainters", name, {})
    if not isinstance(inpainter, ImageInpainter):
        raise SettingError("an inpainter for single images", f"{name!r}, which is for clips", "Choose another one.")
    return inpainter


def _read(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise ImageError("an image of an example", f"'{path}', which cannot be read", "Make the examples again.")
    return image


def _write(path: Path, image: np.ndarray) -> None:
    """Write a PNG file completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _, encoded = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    new = path.with_suffix(".new")
    new.write_bytes(encoded.tobytes())
    new.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `python -m vidinpaint.training.data.inpainted_photos`."""
    parser = argparse.ArgumentParser(
        prog="python -m vidinpaint.training.data.inpainted_photos", description="Inpaint photos with several methods."
    )
    parser.add_argument("--photos", required=True, help="folder of photos")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=1400, help="number of crops (default: %(default)s)")
    parser.add_argument("--size", type=int, default=160, help="side of a crop in pixels (default: %(default)s)")
    parser.add_argument("--methods", nargs="+", default=METHODS, help="default: " + " ".join(METHODS))
    parser.add_argument("--per-photo", type=int, default=2, help="methods per crop (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything random (default: %(default)s)")
    options = parser.parse_args(arguments)
    photos = Photos(options.photos)
    make_inpainted_photos(
        photos, options.output, options.count, options.size, options.methods, options.per_photo, options.seed
    )


if __name__ == "__main__":
    main()
