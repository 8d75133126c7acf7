"""InpaintEachFrame: inpaints every frame by itself."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import setting
from vidinpaint.core.window import Window
from vidinpaint.inpainters.interface import VideoInpainter, inpaint_array, inpaint_frames
from vidinpaint.stages.uses_inpainters import UsesInpainters, build_inpainter


@dataclass(frozen=True)
class InpaintEachFrame(UsesInpainters):
    """Inpaints every frame by itself, without propagation; an inpainter for videos gets all frames that were read."""

    method: str = setting("harmonic", "Inpainter, for images or for videos.")
    name: ClassVar[str] = "inpaint"
    phase: ClassVar[Phase] = "compute"

    def __post_init__(self) -> None:
        super().__post_init__()
        build_inpainter(self.method, self.options)

    def __call__(self, frames: np.ndarray, crop_mask: np.ndarray, window: Window) -> Canvas:
        inpainter, owned = build_inpainter(self.method, self.options), window.owned
        images, masks = frames[owned], crop_mask[owned]
        if isinstance(inpainter, VideoInpainter):
            pixels = inpaint_frames(inpainter, frames, crop_mask)[owned]
        else:
            pixels = np.stack([inpaint_array(inpainter, image, mask) for image, mask in zip(images, masks)])
        source = np.where(masks, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
        return Canvas(images, source).synthesised(pixels)
