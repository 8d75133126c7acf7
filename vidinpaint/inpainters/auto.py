"""Chooses a method for each connected region of the mask, by its depth and its surroundings.

A thin region, of which no pixel is more than `thin` pixels from a known one, is inpainted along the lines that it
interrupts (`coherence`): texture has no room there. A larger one is inpainted smoothly (`harmonic`) if its surroundings
are plain, that is, if neighbouring pixels hardly ever differ by more than `plain`: sky, walls, anything out of focus.
All other regions, textured or crossed by edges, are inpainted with patches of the same image (`patchmatch`); they come
first, so that the thin regions beside them see completed surroundings. When to use: it is the default; choose a method
yourself if you know the content better. docs/choosing-a-method.md has the measurements behind the two thresholds. Cost:
that of the methods that are used.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box
from vidinpaint.inpainters.exemplar.patchmatch import PatchMatch
from vidinpaint.inpainters.exemplar.pyramid import touching
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.coherence import Coherence
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.numerics.morphology import distance_outside

METHODS: tuple[ImageInpainter, ...] = (PatchMatch(), Harmonic(), Coherence())
TEXTURED, PLAIN, THIN = range(3)  # indices in METHODS, in the order in which they inpaint
SURROUNDINGS = 12  # pixels around a region that decide whether it is plain
MAX_STEPS = 0.002  # share of neighbours in plain surroundings that may differ by more than `plain`


@dataclass(frozen=True)
class Auto(ImageInpainter):
    """Chooses by region: along lines if thin, smooth in plain surroundings, patches otherwise."""

    thin: float = setting(
        4.0, "Largest depth of a region that is inpainted along lines.", low=0, high=1000, unit="pixels"
    )
    plain: float = setting(
        0.03, "Largest difference of neighbouring pixels in plain surroundings, colours in [0, 1].", low=0, high=1
    )

    def margin(self, height: int, width: int) -> int:
        return PatchMatch().margin(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        methods, remaining, result = self.method_indices(image, mask), mask, image
        for index, method in enumerate(METHODS):
            region = methods == index
            if region.any():
                result = np.where(region[..., None], method.inpaint(result, remaining), result)
                remaining = remaining & ~region
        return result

    def method_indices(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """int (H, W): the index in `METHODS` for each mask pixel of image (H, W, 3) and mask (H, W), -1 elsewhere."""
        height, width = mask.shape
        count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        depth = np.zeros(count, np.float32)
        np.maximum.at(depth, labels[mask], distance_outside(mask)[mask])
        methods = np.where(depth <= self.thin, THIN, TEXTURED)
        for label in np.flatnonzero(methods == TEXTURED).tolist():
            x, y, w, h = boxes[label, :4].tolist()
            crop = Box(x, y, w, h).expanded(SURROUNDINGS, SURROUNDINGS, width, height).slices
            if self._is_plain(image[crop], mask[crop], labels[crop] == label):
                methods[label] = PLAIN
        methods[0] = -1  # the label of known pixels
        return np.asarray(methods[labels])

    def _is_plain(self, image: np.ndarray, mask: np.ndarray, region: np.ndarray) -> bool:
        """Whether few known neighbours around the region bool (H, W) differ by more than `plain`."""
        around = touching(region, SURROUNDINGS) & ~mask
        steps = [
            np.abs(np.diff(image, axis=0)).max(2)[around[1:] & around[:-1]],
            np.abs(np.diff(image, axis=1)).max(2)[around[:, 1:] & around[:, :-1]],
        ]
        return bool(np.quantile(np.concatenate([*steps, [0]]), 1 - MAX_STEPS) <= self.plain)
