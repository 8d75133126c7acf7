"""What the inpainters that compare windows of known pixels share: how large a mask they do at once, and what else then.

An exhaustive search costs mask pixels times windows to choose from. Where that is too much, the mask is inpainted at
half the size first and the sources that were found there are followed up (`detail`); so this is no `CoarseToFine`,
which hands up colours. Where no window of the wanted size is free of the mask, smaller ones are taken, and where there
is none at all Laplace's equation is solved; both with a note in the log.
"""

import logging
from abc import abstractmethod

import numpy as np

from vidinpaint.core.progress import progress_range
from vidinpaint.inpainters.exemplar.detail import copied, follow, usable_radius
from vidinpaint.inpainters.exemplar.pyramid import clean_centres
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import SHARE_OF_COARSE, Layer, downscaled

log = logging.getLogger(__name__)

COMPARISONS = 1e9  # windows compared at one size, at most: a few seconds
OFTEN = 64  # searches between two reports of progress


class WindowInpainter(ImageInpainter):
    """An inpainter that copies pixels from the windows that are most like what is known."""

    @property
    @abstractmethod
    def radius(self) -> int:
        """Of the windows, in pixels."""

    @abstractmethod
    def searches(self, mask: np.ndarray) -> float:
        """How many searches a mask bool (H, W) takes, about."""

    @abstractmethod
    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """int32 (H, W): from which pixel, as a number in reading order, each one of the mask is copied; -1 elsewhere.

        radius of the windows, in pixels; some of them are free of the mask.
        """

    def composed(self, image: np.ndarray, source: np.ndarray) -> np.ndarray:
        """The picture that sources make."""
        return copied(image, source)

    def windows(self, mask: np.ndarray) -> float:
        """How many windows there are to choose from in a search."""
        return float(clean_centres(mask, self.radius).sum())

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        if usable_radius(mask, self.radius) == 0:
            name = type(self).__name__
            log.warning("%s: no clean window around a mask of %d pixels, inpainted by harmonic", name, mask.sum())
            return Harmonic().inpaint(image, mask)
        return self.composed(image, self._sources(Layer(image, mask)))

    def _sources(self, layer: Layer) -> np.ndarray:
        coarse = downscaled(layer)
        at_once = self.searches(layer.mask) * self.windows(layer.mask) <= COMPARISONS
        if at_once or not coarse.mask.any() or usable_radius(coarse.mask, self.radius) == 0:
            radius = usable_radius(layer.mask, self.radius)
            if radius < self.radius:
                log.info("%s: radius %d instead of %d, little is known", type(self).__name__, radius, self.radius)
            return self.sources(layer.image, layer.mask, radius)
        with progress_range(0, SHARE_OF_COARSE):
            guess = self._sources(coarse)
        with progress_range(SHARE_OF_COARSE, 1):
            return follow(layer, guess)
