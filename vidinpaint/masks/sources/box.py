"""A rectangle, the same in every frame."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core import window
from vidinpaint.core.errors import MaskError
from vidinpaint.masks.sources.interface import MaskSource, TargetClip


@dataclass(frozen=True)
class Box(MaskSource):
    """A box x,y,width,height in pixels of the clip, the same in every frame."""

    box: window.Box

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, window.Box)

    def open(self, clip: TargetClip) -> np.ndarray:
        """See `MaskSource`."""
        width, height, box = clip.size.width, clip.size.height, self.box
        if not box.overlaps(window.Box(0, 0, width, height)):
            raise MaskError(
                f"a box inside the frame of {width} x {height}",
                clip.name,
                "Count x and y in pixels from the upper left corner.",
            )
        if box.x + box.width > width or box.y + box.height > height:
            clip.note(f"{clip.name} is cut off at the edge of the frame of {width} x {height}")
        mask = np.zeros((height, width), bool)
        mask[box.slices] = True
        return mask
