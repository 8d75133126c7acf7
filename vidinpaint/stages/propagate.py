"""Propagate: known pixels carried into the holes from the frames that show them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.carry import carry


@dataclass(frozen=True)
class Propagate:
    """Carries known pixels along the flow, both ways in time; what no frame shows stays unfilled."""

    lane: ClassVar[Lane] = "compute"

    def __call__(self, levelled: np.ndarray, holes: np.ndarray, flow: FlowPair) -> Canvas:
        pixels, unknown = levelled.copy(), holes.copy()
        carry(pixels, unknown, flow)
        source = np.where(holes, np.uint8(Source.PROPAGATED), np.uint8(Source.ORIGINAL))
        source[unknown] = Source.UNFILLED
        return Canvas(pixels, source)
