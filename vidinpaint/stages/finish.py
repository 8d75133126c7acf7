"""Finish and AddGrain: what was painted, in the exposure of its frame and with the grain of the clip."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.errors import SettingError
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.borders import close_borders
from vidinpaint.propagation.exposure import Levels
from vidinpaint.propagation.grain import add_grain
from vidinpaint.window import Box, Window


@dataclass(frozen=True)
class AddGrain:
    """Adds noise to painted pixels that are calmer over time than what is around the holes; for cameras that stand.

    grain   times what is missing, 0 (none) to 2
    seed    another number gives another noise, from 0 on
    """

    grain: float = 1.0
    seed: int = 0
    lane: ClassVar[Lane] = "compute"

    def __post_init__(self) -> None:
        if not 0 <= self.grain <= 2:
            raise SettingError("grain of 0 to 2", str(self.grain), "Choose a value in this range.")
        if not 0 <= self.seed < 2**32:
            raise SettingError("a seed of 0 or more", str(self.seed), "Choose a number from 0 to 4294967295.")

    def __call__(self, box: Box, window: Window, filled: Canvas) -> Canvas:
        return add_grain(filled, window.start, (box.y, box.x), self.grain, self.seed)


@dataclass(frozen=True)
class Finish(AddGrain):
    """Brings painted pixels back to the exposure of their frame; then as `AddGrain`, where the picture stands still.

    border  pixels, inward from the border of a hole, over which they are bent to meet what is around it, 0 (not at
            all) to 500; what a window with a seam is tried with again
    """

    border: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.border <= 500:
            raise SettingError("a border of 0 to 500 pixels", str(self.border), "Choose a value in this range.")

    def __call__(  # type: ignore[override]
        self, box: Box, window: Window, frames: np.ndarray, levels: Levels, flow: FlowPair, filled: Canvas
    ) -> Canvas:
        painted, owned = filled.source != Source.ORIGINAL, window.owned
        restored = Canvas(levels.cut(owned).restore(filled.pixels, painted, frames[owned]), filled.source)
        restored = close_borders(restored, self.border)
        return add_grain(restored, window.start, (box.y, box.x), self.grain, self.seed, flow.cut(owned))
