"""What stages with inpainters share: an inpainter by its name, its detail reduced towards a smooth interpolation.

What an inpainter synthesises is plausible, but it is not what was there: its detail is right only by chance, and has
twice the error of no detail at all. Keeping a fraction of it, `detail`, looks the same and has less error (0.7 gained
0.4 to 1.2 dB on closed masks in the development clips).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build, load, names
from vidinpaint.core.settings import Settings, setting
from vidinpaint.inpainters.interface import ImageInpainter, VideoInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.propagation.synthesise import InpaintImage

Options = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class UsesInpainters(Settings):
    """A stage that uses inpainters; `options` holds the settings of each by its name."""

    options: Options = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.options:
            build_inpainter(name, self.options)

    def method_classes(self) -> dict[str, type]:
        """Every inpainter that can be chosen, by the name under which `options` may hold its settings."""
        return inpainter_classes()


def detail_setting() -> Any:
    """The setting of every stage that reduces the detail of an inpainter."""
    return setting(0.7, "Fraction of the method's detail that is kept: 1 keeps all, 0 is smooth.", low=0, high=1)


def inpainter_classes(kind: type = object) -> dict[str, type]:
    """Every inpainter of one kind, by its name; imports all of them."""
    classes = {name: load("inpainters", name) for name in names("inpainters")}
    return {name: inpainter for name, inpainter in classes.items() if issubclass(inpainter, kind)}


def build_inpainter(name: str, options: Options) -> ImageInpainter | VideoInpainter:
    """An inpainter with its settings, which `options` holds by the name of the inpainter."""
    built: ImageInpainter | VideoInpainter = build("inpainters", name, options.get(name, {}))
    return built


def image_synthesis(name: str, options: Options, detail: float) -> InpaintImage:
    """A function that inpaints one image: (float32 (H, W, 3), mask bool (H, W)) -> float32 (H, W, 3).

    detail   0 to 1: fraction of the difference from the harmonic interpolation that is kept
    Raises SettingError for an unknown inpainter, and for one that inpaints only whole videos.
    """
    inpainter = build_inpainter(name, options)
    if not isinstance(inpainter, ImageInpainter):
        raise SettingError("an inpainter for images", f"{name!r}, which is for videos", "Choose another method.")

    def synthesise(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        result = inpaint_array(inpainter, image, mask)
        if detail == 1 or isinstance(inpainter, Harmonic):
            return result
        smooth = inpaint_array(Harmonic(), image, mask)
        return np.where(mask[..., None], smooth + np.float32(detail) * (result - smooth), result)

    return synthesise
