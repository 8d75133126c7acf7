"""Propagate: brings known pixels under the mask from the frames that show them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.graph import Phase
from vidinpaint.core.window import Window
from vidinpaint.propagation.chroma import propagate_without_bleed


@dataclass(frozen=True)
class Propagate:
    """Propagates known pixels along the flow, forward and backward in time; what no frame shows stays unfilled.

    Every frame that was read may be a source; the canvas holds the frames that the window owns.
    """

    name: ClassVar[str] = "propagate"
    phase: ClassVar[Phase] = "compute"

    def __call__(
        self, compensated: np.ndarray, crop_mask: np.ndarray, chroma_bleed: np.ndarray, flow: FlowPair, window: Window
    ) -> Canvas:
        pixels, unknown = compensated.copy(), crop_mask.copy()
        owned = window.owned
        propagate_without_bleed(pixels, unknown, chroma_bleed, flow, owned)
        source = np.where(crop_mask[owned], np.uint8(Source.PROPAGATED), np.uint8(Source.ORIGINAL))
        source[unknown[owned]] = Source.UNFILLED
        return Canvas(pixels[owned].copy(), source)
