"""What the fillers that compare windows of known pixels share: how large a hole they do at once, and what else then.

An exhaustive search costs hole pixels times windows to choose from. Where that is too much, the hole is painted at half
the size first and the sources that were found there are followed up (`detail`); so this is no `CoarseToFine`, which
hands up colours. Where no window of the wanted size is free of the hole, smaller ones are taken, and where there is
none at all Laplace's equation is solved; both with a note in the log.
"""

import logging
from abc import abstractmethod

import numpy as np

from vidinpaint.fillers.exemplar.detail import copied, follow, usable_radius
from vidinpaint.fillers.exemplar.pyramid import clean_centres
from vidinpaint.fillers.interface import ImageInpainter
from vidinpaint.fillers.pde.harmonic import Harmonic
from vidinpaint.fillers.scales import SHARE_OF_COARSE, Layer, halved
from vidinpaint.progress import part

log = logging.getLogger(__name__)

COMPARISONS = 1e9  # windows compared at one size, at most: a few seconds
OFTEN = 64  # searches between two reports of progress


class WindowFiller(ImageInpainter):
    """A filler that copies pixels from the windows that are most like what is known."""

    @property
    @abstractmethod
    def radius(self) -> int:
        """Of the windows, in pixels."""

    @abstractmethod
    def searches(self, hole: np.ndarray) -> float:
        """How many searches a hole bool (H, W) takes, about."""

    @abstractmethod
    def sources(self, image: np.ndarray, hole: np.ndarray, radius: int) -> np.ndarray:
        """int32 (H, W): from which pixel, as a number in reading order, each one of the hole is copied; -1 elsewhere.

        radius of the windows, in pixels; some of them are free of the hole.
        """

    def composed(self, image: np.ndarray, source: np.ndarray) -> np.ndarray:
        """The picture that sources make."""
        return copied(image, source)

    def windows(self, hole: np.ndarray) -> float:
        """How many windows there are to choose from in a search."""
        return float(clean_centres(hole, self.radius).sum())

    def inpaint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        if usable_radius(hole, self.radius) == 0:
            name = type(self).__name__
            log.warning("%s: no clean window around a hole of %d pixels, painted by harmonic", name, hole.sum())
            return Harmonic().inpaint(image, hole)
        return self.composed(image, self._sources(Layer(image, hole)))

    def _sources(self, layer: Layer) -> np.ndarray:
        coarse = halved(layer)
        at_once = self.searches(layer.hole) * self.windows(layer.hole) <= COMPARISONS
        if at_once or not coarse.hole.any() or usable_radius(coarse.hole, self.radius) == 0:
            radius = usable_radius(layer.hole, self.radius)
            if radius < self.radius:
                log.info("%s: radius %d instead of %d, little is known", type(self).__name__, radius, self.radius)
            return self.sources(layer.image, layer.hole, radius)
        with part(0, SHARE_OF_COARSE):
            guess = self._sources(coarse)
        with part(SHARE_OF_COARSE, 1):
            return follow(layer, guess)
