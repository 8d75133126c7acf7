"""Exhaustive patch search: the best patches nearby are copied, from the border of the mask inwards.

For a mask pixel p, the patch around it is compared with those around all centres q at most `search_area` pixels away,
down and across, over the known pixels around p,

    E(p, q) = sum over o of |I(p + o) - I(q + o)|^2  /  number of o,   o: known offsets around p,

and the unknown part of the patch around p is copied from the best one, the first in reading order if several are equal.
Copied pixels count as known from then on. Source patches lie inside the image and are free of the mask; if the area
holds no such patch, it is doubled until it does.

The order: by the distance to the pixels known at the beginning, the larger of the vertical and horizontal ones, and at
equal distance in reading order; pixels that an earlier patch has inpainted are skipped.

When to use: texture next to the mask, and as the reference for faster searches. Cost: mask pixels / (patch_size^2 / 3)
times candidates, a few nanoseconds each (`exhaustive`); larger masks are inpainted coarse to fine. Source: the simplest
form of exemplar-based completion; the comparison of known pixels as in Criminisi, Perez, Toyama 2004, Region Filling
and Object Removal by Exemplar-Based Image Inpainting, section III, without its priorities.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.exhaustive import PartialImage, Windows, layers
from vidinpaint.inpainters.exemplar.windowed import REPORT_INTERVAL, WindowInpainter


@dataclass(frozen=True)
class PatchSearch(WindowInpainter):
    """Exhaustive search for the best patches nearby: slow and exact, for texture next to the mask."""

    patch_size: int = setting(9, "Side of a patch.", low=3, high=51, unit="pixels", odd=True)
    search_area: int = setting(
        96, "Largest distance of a patch, vertically and horizontally.", low=1, high=10_000, unit="pixels"
    )

    @property
    def radius(self) -> int:
        """See `WindowInpainter`."""
        return self.patch_size // 2

    def searches(self, mask: np.ndarray) -> float:
        """See `WindowInpainter`."""
        return 3 * float(mask.sum()) / self.patch_size**2

    def windows(self, mask: np.ndarray) -> float:
        """See `WindowInpainter`."""
        return min(super().windows(mask), (2 * self.search_area + 1) ** 2)

    def margin(self, height: int, width: int) -> int:
        return self.search_area + self.radius

    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """See `WindowInpainter`."""
        canvas = PartialImage.of(image, mask, radius, Windows.of(radius))
        positions = inpainting_order(mask)
        for n, (y, x) in enumerate(positions.tolist()):
            if not canvas.known[y, x]:
                v, u = canvas.match(y, x, area_with_patches(canvas.clean, y, x, self.search_area))
                canvas.copy(y, x, v, u, radius)
            if n % REPORT_INTERVAL == 0:
                report_progress(n / len(positions))
        return canvas.source


def inpainting_order(mask: np.ndarray) -> np.ndarray:
    """int (N, 2): the mask pixels (y, x), from the border inwards, in reading order within a layer."""
    positions = np.argwhere(mask)
    return positions[np.argsort(layers(mask)[positions[:, 0], positions[:, 1]], kind="stable")]


def area_with_patches(clean: np.ndarray, y: int, x: int, area: int) -> int:
    """The given area in pixels, doubled until it holds a clean patch; clean bool (H, W) must hold one."""
    while not clean[max(0, y - area) : y + area + 1, max(0, x - area) : x + area + 1].any():
        area *= 2
    return area
