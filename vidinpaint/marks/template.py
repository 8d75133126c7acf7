"""`Template`: the opacity and the colour of a mark, pixel by pixel.

A frame with a mark is J = (1 - a) B + a C, where B is the background, a the opacity and C the colour of the mark, in
the stored (gamma-encoded) values, as editors and players blend. Source: Porter and Duff, "Compositing Digital Images"
(1984), operator "over"; Dekel et al., "On the Effectiveness of Visible Watermarks" (CVPR 2017), equation 1.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.orientation import Turn
from vidinpaint.core.window import Box
from vidinpaint.numerics.morphology import bounding_box

VISIBLE = 0.01  # opacity: less changes a picture by two levels at most


@dataclass(frozen=True, eq=False)
class Template:
    """A mark of h x w pixels.

    alpha      float32 (h, w): opacity in [0, 1]; 0 where the mark does not change the picture
    colour     float32 (h, w, 3): RGB in [0, 1]; without meaning where alpha is 0
    deviation  float32 (h, w): standard deviation of alpha; 0 for a template that is known exactly
    """

    alpha: np.ndarray
    colour: np.ndarray
    deviation: np.ndarray

    def __post_init__(self) -> None:
        shape = self.alpha.shape
        if len(shape) != 2 or self.colour.shape != (*shape, 3) or self.deviation.shape != shape:
            found = f"{self.alpha.shape}, {self.colour.shape}, {self.deviation.shape}"
            raise ValueError(f"expected arrays (h, w), (h, w, 3), (h, w), found {found}")
        if {self.alpha.dtype, self.colour.dtype, self.deviation.dtype} != {np.dtype(np.float32)}:
            raise ValueError("expected float32 arrays")

    def part(self, box: Box) -> "Template":
        """The pixels of a box in the template."""
        return Template(self.alpha[box.slices], self.colour[box.slices], self.deviation[box.slices])

    def trimmed(self) -> tuple["Template", Box]:
        """The template without the transparent part around the mark, and where it lies in the whole one.

        There must be a visible pixel.
        """
        box = bounding_box(self.alpha > VISIBLE)
        assert box is not None
        return self.part(box), box

    def turned(self, turn: Turn) -> "Template":
        """The template for frames in another orientation."""
        parts = (self.alpha, self.colour, self.deviation)
        return Template(*(np.ascontiguousarray(turn(part)) for part in parts))
