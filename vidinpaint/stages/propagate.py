"""Propagate: known pixels carried into the holes from the frames that show them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.carry import carry
from vidinpaint.window import Window


@dataclass(frozen=True)
class Propagate:
    """Carries known pixels along the flow, both ways in time; what no frame shows stays unfilled.

    Every frame read may show what is wanted; those that the window owns are painted, and make the canvas.
    """

    lane: ClassVar[Lane] = "compute"

    def __call__(self, levelled: np.ndarray, holes: np.ndarray, flow: FlowPair, window: Window) -> Canvas:
        pixels, unknown = levelled.copy(), holes.copy()
        owned = window.owned
        carry(pixels, unknown, flow, owned)
        source = np.where(holes[owned], np.uint8(Source.PROPAGATED), np.uint8(Source.ORIGINAL))
        source[unknown[owned]] = Source.UNFILLED
        return Canvas(pixels[owned].copy(), source)
