"""PatchMatch completion: patches of the same image, coarse to fine.

Each patch that touches the mask is matched with a clean one elsewhere (`matching`); the matches vote for colours and
for differences of neighbours; the mask is inpainted according to the votes (`voting`). This is repeated, as in
expectation maximisation, from a size at which the mask is a few pixels wide up to full size. Patches that touch the
mask are never copied. Three things are essential:

- Guessed pixels count less in comparisons the deeper they lie in the mask.
- Differences are copied, not colours: patches adapt to the light at their destination, and large regions get their
  colours from all around the mask, which matching alone leaves to chance.
- A channel of roughness keeps flat patches out of textured surfaces (`texture`). It counts less at coarser sizes,
  because edges are rough as well and structure is found by colour.

When to use: large and textured masks. If too little is known around the mask for any clean patch, smaller patches are
used, and as a last resort `harmonic`, with a note in the log. Cost: about 50 comparisons per mask pixel. Sources:
Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch; Wexler, Shechtman, Irani 2007, Space-Time Completion of Video,
section 3; Darabi, Shechtman, Barnes, Goldman, Sen 2012, Image Melding, section 3.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numba
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.matching import (
    MAX_RADIUS,
    Search,
    finer_matches,
    improve,
    prepare,
    random_matches,
)
from vidinpaint.inpainters.exemplar.pyramid import build_pyramid, usable_radius
from vidinpaint.inpainters.exemplar.texture import with_texture
from vidinpaint.inpainters.exemplar.voting import relax, vote
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import Layer, enlarged
from vidinpaint.numerics.laplace import push_pull

log = logging.getLogger(__name__)

TRUST = 0.5  # factor of the weight of guessed pixels in comparisons per pixel of depth
SPREAD = 2.0  # of the votes, in units of the 75th percentile of the distances
LAST_SPREAD = 0.02  # of the last votes, for a sharp result
ROUGHNESS_DECAY = 0.5  # factor of the roughness per coarser size
EXTRA_ROUNDS = 2  # per coarser size: they cost little and determine the structure
MIN_PARALLEL = 8192  # patches; with fewer, threads wait for each other longer than they work


@dataclass(frozen=True)
class PatchMatch(ImageInpainter):
    """PatchMatch completion: patches of the same image, for large and textured masks."""

    radius: int = setting(3, "Radius of the patches.", low=1, high=MAX_RADIUS, unit="pixels")
    rounds: int = setting(3, "Rounds of matching and voting at full size.", low=1, high=100)
    coarsest_rounds: int = setting(12, "Rounds of matching and voting at the coarsest size.", low=1, high=1000)
    scans: int = setting(2, "Scans of matching per round.", low=1, high=100)
    seed: int = setting(0, "Seed of the random search.", low=0, high=1_000_000)

    def margin(self, height: int, width: int) -> int:
        return 64 + max(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        return self.inpaint_guided(image, mask, None)

    def inpaint_guided(self, image: np.ndarray, mask: np.ndarray, guide: np.ndarray | None) -> np.ndarray:
        """As `inpaint`; guide (h, w, 3): a guess of the whole image at a smaller size, which determines the structure.

        The largest size not larger than the guide is the first one, and there the guide counts like known pixels.
        """
        radius = usable_radius(mask, self.radius)
        if radius == 0:
            log.warning("patchmatch: no clean patch around a mask of %d pixels, inpainted by harmonic", mask.sum())
            return Harmonic().inpaint(image, mask)
        if radius < self.radius:
            log.info("patchmatch: radius %d instead of %d, because little is known", radius, self.radius)
        layers = build_pyramid(with_texture(image, mask), mask, radius)
        layers = [Layer(layer.image * _channel_weights(depth), layer.mask) for depth, layer in enumerate(layers)]
        depth, trust = (len(layers) - 1, TRUST) if guide is None else (_depth_of(guide, layers), 1.0)
        layer, search = layers[depth], prepare(layers[depth].mask, radius, trust)
        guess = push_pull(layer.image, ~layer.mask) if guide is None else _guess(guide, layer, depth)
        matches = random_matches(search, self._seed(depth))
        guess, matches = self._rounds(layer, search, guess, matches, depth, self.coarsest_rounds, max(layer.shape))
        while depth > 0:
            depth -= 1
            layer, coarser, search = layers[depth], search, prepare(layers[depth].mask, radius, TRUST)
            guess = enlarged(guess * _channel_weights(-1), layer)
            matches = finer_matches(coarser, matches, search, self._seed(depth))
            matches, distances = improve(search, guess, matches, 0, 1, 0)
            guess = _inpainted(layer, search, guess, matches, distances, SPREAD)
            rounds = self.rounds + EXTRA_ROUNDS * depth
            guess, matches = self._rounds(layer, search, guess, matches, depth, rounds, max(layer.shape) // 4)
        return guess[..., :3]

    def _rounds(
        self, layer: Layer, search: Search, guess: np.ndarray, matches: np.ndarray, depth: int, rounds: int, reach: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rounds of matching and voting at one size: a better guess, and its matches."""
        with _useful_threads(search):
            for count in range(rounds):
                matches, distances = improve(search, guess, matches, self.scans, reach, self._seed(depth, 1 + count))
                last = depth == 0 and count == rounds - 1
                guess = _inpainted(layer, search, guess, matches, distances, LAST_SPREAD if last else SPREAD)
                # a coarser size has a quarter of the pixels
                report_progress(0.25**depth * (0.25 + 0.75 * (1 + count) / rounds))
        return guess, matches

    def _seed(self, depth: int, count: int = 0) -> int:
        """A different seed for each random search."""
        return (self.seed * 64 + depth) * 2048 + count


def _depth_of(guide: np.ndarray, layers: list[Layer]) -> int:
    """The index of the first layer that is not larger than the guide, or of the last one."""
    fits = (depth for depth, layer in enumerate(layers) if max(layer.shape) <= max(guide.shape))
    return next(fits, len(layers) - 1)


def _guess(guide: np.ndarray, layer: Layer, depth: int) -> np.ndarray:
    """The layer's image (H, W, CHANNELS) with the guide and its roughness under the mask."""
    scaled = cv2.resize(guide, layer.shape[::-1], interpolation=cv2.INTER_AREA)
    channels = with_texture(scaled, np.zeros_like(layer.mask)) * _channel_weights(depth)
    return np.where(layer.mask[..., None], channels, layer.image).astype(np.float32, order="C")


def _channel_weights(depth: int) -> np.ndarray:
    """float32 (4,): factors of the channels, 1 for colours, less for roughness `depth` sizes coarser, more if finer."""
    return np.array([1, 1, 1, ROUGHNESS_DECAY**depth], np.float32)


def _inpainted(
    layer: Layer, search: Search, guess: np.ndarray, matches: np.ndarray, distances: np.ndarray, spread: float
) -> np.ndarray:
    """The guess after a vote. Roughness is set as voted: unlike light, it does not continue across an edge."""
    scale = max(1.0, float(np.percentile(distances, 75)))  # at least one squared grey level
    votes = vote(search, guess, layer.mask, matches, distances, spread * scale)
    result = relax(guess, layer.mask, votes)
    result[layer.mask, 3] = votes.value[layer.mask, 3]
    return result


@contextmanager
def _useful_threads(search: Search) -> Iterator[None]:
    """One thread for few patches, all for many; the result is the same."""
    threads = numba.get_num_threads()
    numba.set_num_threads(threads if len(search.y) >= MIN_PARALLEL else 1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)
