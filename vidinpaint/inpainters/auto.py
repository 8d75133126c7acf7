"""The method that fits the mask: along its lines where it is thin, smooth in plain surroundings, else with patches.

Every connected mask is looked at by itself. What is at most `thin` pixels from something known is best continued along
the lines that it interrupts (`coherence`): texture has no room there. Larger masks are continued smoothly (`harmonic`)
where their surroundings are plain, i.e. hardly ever step by more than `plain` from pixel to pixel: sky, walls, what is
out of focus. All others, textured or crossed by edges, get patches of the same picture (`patchmatch`); they are first,
so that the thin ones beside them find everything else in place. docs/choosing-a-method.md has the measurements behind
the two numbers. Cost: that of the methods that are needed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box
from vidinpaint.inpainters.exemplar.patchmatch import PatchMatch
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.coherence import Coherence
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import distance_to_known
from vidinpaint.numerics.morphology import dilate

METHODS: tuple[ImageInpainter, ...] = (PatchMatch(), Harmonic(), Coherence())
TEXTURED, PLAIN, THIN = range(3)  # numbers of them, in the order in which they inpaint
RING = 12  # pixels around a mask that are looked at
RARE = 0.002  # of the ring may step by more than `plain`


@dataclass(frozen=True)
class Auto(ImageInpainter):
    """Chosen for every mask: along lines where thin, smooth where plain, else patches."""

    thin: float = setting(
        4.0, "Depth up to which a mask is continued along its lines.", low=0, high=1000, unit="pixels"
    )
    plain: float = setting(
        0.03, "Step from pixel to pixel up to which surroundings are plain, of the range [0, 1].", low=0, high=1
    )

    def margin(self, height: int, width: int) -> int:
        return PatchMatch().margin(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        choice, left, result = self.choices(image, mask), mask, image
        for number, method in enumerate(METHODS):
            here = choice == number
            if here.any():
                result = np.where(here[..., None], method.inpaint(result, left), result)
                left = left & ~here
        return result

    def choices(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """int (H, W): the number in `METHODS` for every mask pixel of image (H, W, 3) and mask (H, W), -1 elsewhere."""
        height, width = mask.shape
        count, label, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        depth = np.zeros(count, np.float32)
        np.maximum.at(depth, label[mask], distance_to_known(mask)[mask])
        choice = np.where(depth <= self.thin, THIN, TEXTURED)
        for number in np.flatnonzero(choice == TEXTURED).tolist():
            x, y, w, h = boxes[number, :4].tolist()
            around = Box(x, y, w, h).expanded(RING, RING, width, height).slices
            if self._is_plain(image[around], mask[around], label[around] == number):
                choice[number] = PLAIN
        choice[0] = -1  # what is known
        return np.asarray(choice[label])

    def _is_plain(self, image: np.ndarray, mask: np.ndarray, here: np.ndarray) -> bool:
        """Whether few steps between known neighbours, near the mask pixels here, are larger than `plain`."""
        near = dilate(here, RING, "square") & ~mask
        steps = [
            np.abs(np.diff(image, axis=0)).max(2)[near[1:] & near[:-1]],
            np.abs(np.diff(image, axis=1)).max(2)[near[:, 1:] & near[:, :-1]],
        ]
        return bool(np.quantile(np.concatenate([*steps, [0]]), 1 - RARE) <= self.plain)
