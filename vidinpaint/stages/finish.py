"""Finish and AddGrain: give inpainted pixels the exposure of their frame and the grain of the clip."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Window
from vidinpaint.propagation.borders import close_borders
from vidinpaint.propagation.exposure import Levels
from vidinpaint.propagation.grain import add_grain


@dataclass(frozen=True)
class AddGrain(Settings):
    """Adds noise to inpainted pixels that change less over time than those around the mask; for a static camera."""

    grain: float = setting(1.0, "Fraction of the missing grain that is added; 0 adds none.", low=0, high=2)
    seed: int = setting(0, "Seed of the noise.", low=0, high=2**32 - 1)
    name: ClassVar[str] = "finish"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, crop: Box, window: Window, inpainted: Canvas) -> Canvas:
        return add_grain(inpainted, window.start, (crop.y, crop.x), self.grain, self.seed)


@dataclass(frozen=True)
class Finish(AddGrain):
    """Returns inpainted pixels to the exposure of their frame, closes borders, and adds grain where nothing moves."""

    border: float = setting(
        0.0,
        "Width, inwards from the mask's border, over which colours are corrected to meet those outside; a window with a"
        " visible seam is computed again with 12.",
        low=0, high=500, unit="pixels",
    )  # fmt: skip

    def __call__(  # type: ignore[override]
        self, crop: Box, window: Window, frames: np.ndarray, exposure: Levels, flow: FlowPair, inpainted: Canvas
    ) -> Canvas:
        owned, is_inpainted = window.owned, inpainted.source != Source.ORIGINAL
        pixels = exposure.cut(owned).restore(inpainted.pixels, is_inpainted, frames[owned])
        restored = close_borders(Canvas(pixels, inpainted.source), self.border)
        return add_grain(restored, window.start, (crop.y, crop.x), self.grain, self.seed, flow.cut(owned))
