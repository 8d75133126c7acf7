"""`WindowInpainter`: the base of inpainters that copy pixels after comparing windows of known pixels.

An exhaustive search costs mask pixels times candidate windows. If that is too much, the mask is inpainted at half the
size first and the sources found there are refined (`detail`); `CoarseToFine` would refine colours instead. If no window
of the chosen size is free of the mask, smaller ones are used, and if there is none at all, Laplace's equation is
solved; both with a note in the log.
"""

import logging
from abc import abstractmethod

import numpy as np

from vidinpaint.core.progress import progress_range
from vidinpaint.inpainters.exemplar.detail import copied, refine_sources
from vidinpaint.inpainters.exemplar.pyramid import clean_centres, usable_radius
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import COARSE_SHARE, Layer, downscaled

log = logging.getLogger(__name__)

MAX_COMPARISONS = 1e9  # of windows at one size: a few seconds
REPORT_INTERVAL = 64  # searches between two reports of progress


class WindowInpainter(ImageInpainter):
    """An inpainter that copies pixels from the windows that are most similar to the known surroundings."""

    @property
    @abstractmethod
    def radius(self) -> int:
        """Radius of the windows, in pixels."""

    @abstractmethod
    def searches(self, mask: np.ndarray) -> float:
        """Approximate number of searches for a mask bool (H, W), True = inpaint."""

    @abstractmethod
    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """int32 (H, W): the index, in reading order, of the pixel that each mask pixel is copied from; -1 elsewhere.

        radius of the windows, in pixels; at least one of them is free of the mask.
        """

    def compose(self, image: np.ndarray, source: np.ndarray) -> np.ndarray:
        """The image in which each mask pixel is copied from its source."""
        return copied(image, source)

    def windows(self, mask: np.ndarray) -> float:
        """Number of candidate windows in a search."""
        return float(clean_centres(mask, self.radius).sum())

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        if usable_radius(mask, self.radius) == 0:
            log.warning("%s: no clean window around a mask of %d pixels, inpainted by harmonic", self._name, mask.sum())
            return Harmonic().inpaint(image, mask)
        return self.compose(image, self._sources(Layer(image, mask)))

    def _sources(self, layer: Layer) -> np.ndarray:
        coarse = downscaled(layer)
        affordable = self.searches(layer.mask) * self.windows(layer.mask) <= MAX_COMPARISONS
        if affordable or not coarse.mask.any() or usable_radius(coarse.mask, self.radius) == 0:
            radius = usable_radius(layer.mask, self.radius)
            if radius < self.radius:
                log.info("%s: radius %d instead of %d, because little is known", self._name, radius, self.radius)
            return self.sources(layer.image, layer.mask, radius)
        with progress_range(0, COARSE_SHARE):
            coarse_sources = self._sources(coarse)
        with progress_range(COARSE_SHARE, 1):
            return refine_sources(layer, coarse_sources)
