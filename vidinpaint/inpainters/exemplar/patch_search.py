"""The best patch there is, copied: the mask is peeled like an onion, and every patch found by exhaustive search.

For a mask pixel p, the patch around it is compared with those around all centres q at most `search_area` pixels away,
down and across, over what is known around p,

    E(p, q) = sum over o of |I(p + o) - I(q + o)|^2  /  number of o,   o: known offsets around p,

and all that is unknown of the patch around p is copied from the best one; the first in reading order, if several are
equal. What was copied counts as known from then on. Patches lie inside the picture and are free of the mask; where
the area holds no such patch, it is doubled until it does.

The order: pixels go by their distance to what was known at the beginning, the larger of that down and that across,
and within one distance in reading order; those that an earlier patch has inpainted are left out.

Source: the plainest form of exemplar-based completion; the search with known pixels only as in Criminisi, Perez, Toyama
2004, Region Filling and Object Removal by Exemplar-Based Image Inpainting, section III, without its priorities. Cost:
mask pixels / (patch_size^2 / 3) times candidates, a few nanoseconds each (`exhaustive`); larger masks are inpainted
coarse to fine. For texture next to the mask, and as the measure of quicker searches.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.exhaustive import Unfinished, Windows, layers
from vidinpaint.inpainters.exemplar.windowed import OFTEN, WindowInpainter


@dataclass(frozen=True)
class PatchSearch(WindowInpainter):
    """The best patches of the surroundings, by exhaustive search, from the mask's border inwards."""

    patch_size: int = setting(9, "Side of a patch.", low=3, high=51, unit="pixels", odd=True)
    search_area: int = setting(
        96, "How far away a patch may lie, vertically and horizontally.", low=1, high=10_000, unit="pixels"
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
        picture = Unfinished.of(image, mask, radius, Windows.of(radius))
        places = order(mask)
        for n, (y, x) in enumerate(places.tolist()):
            if not picture.known[y, x]:
                v, u = picture.match(y, x, area_with_patches(picture.clean, y, x, self.search_area))
                picture.copy(y, x, v, u, radius)
            if n % OFTEN == 0:
                report_progress(n / len(places))
        return picture.source


def order(mask: np.ndarray) -> np.ndarray:
    """int (N, 2): the mask's pixels (y, x), from the border inwards, in reading order within a layer."""
    turn = layers(mask)
    places = np.argwhere(mask)
    return places[np.argsort(turn[places[:, 0], places[:, 1]], kind="stable")]


def area_with_patches(clean: np.ndarray, y: int, x: int, area: int) -> int:
    """The given area, doubled until it holds a clean patch; clean bool (H, W) holds some."""
    while not clean[max(0, y - area) : y + area + 1, max(0, x - area) : x + area + 1].any():
        area *= 2
    return area
