"""Completion by patches of the same picture, coarse to fine.

Every patch that reaches into the mask is matched with a clean one elsewhere (`matching`), the matches vote for colours
and for differences of neighbours, a picture is inpainted that follows the votes (`voting`), and this is repeated, as in
expectation maximisation, from a size at which the mask is a few pixels wide up to the full one. Patches that touch the
mask are never taken. Three things propagate it:

- What was guessed counts the less in comparisons, the deeper it lies.
- Differences are inpainted, not colours: copied patches take on the light of the place that they come to, and large
  regions get their colours from all around the mask, which matching alone leaves to chance.
- A channel of roughness keeps textured surfaces from filling up with flat patches (`texture`). The coarser the size,
  the less it counts: edges are rough as well, and structure is found by colour.

Sources: Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch; Wexler, Shechtman, Irani 2007, Space-Time Completion
of Video, section 3; Darabi, Shechtman, Barnes, Goldman, Sen 2012, Image Melding, section 3. Cost: about 50 comparisons
a mask pixel. For large and textured masks; where too little is known around the mask for any clean patch, smaller
patches and at last `harmonic` take over, with a note in the log.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numba
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.matching import (
    LARGEST_RADIUS,
    Search,
    finer_matches,
    improve,
    prepare,
    random_matches,
)
from vidinpaint.inpainters.exemplar.pyramid import build_pyramid, clean_centres
from vidinpaint.inpainters.exemplar.texture import with_texture
from vidinpaint.inpainters.exemplar.voting import relax, vote
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import Layer, enlarged
from vidinpaint.numerics.laplace import push_pull

log = logging.getLogger(__name__)

TRUST = 0.5  # weight of guessed pixels in comparisons, a pixel of depth
SPREAD = 2.0  # of the votes, in units of the distance that 3 of 4 matches reach
LAST_SPREAD = 0.02  # of the last votes: sharp
FADING = 0.5  # of roughness, at every coarser size
MORE_ROUNDS = 2  # rounds more at every coarser size: they are cheap, and decide the structure
MANY = 8192  # patches, below which threads wait for each other longer than they work


@dataclass(frozen=True)
class PatchMatch(ImageInpainter):
    """PatchMatch completion: patches of the same picture, for large and textured masks."""

    radius: int = setting(3, "Radius of the patches.", low=1, high=LARGEST_RADIUS, unit="pixels")
    rounds: int = setting(3, "Rounds of matching and voting at full size.", low=1, high=100)
    coarsest_rounds: int = setting(12, "Rounds of matching and voting at the coarsest size.", low=1, high=1000)
    scans: int = setting(2, "Scans of matching per round.", low=1, high=100)
    seed: int = setting(0, "Seed of the random search.", low=0, high=1_000_000)

    def margin(self, height: int, width: int) -> int:
        return 64 + max(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        radius = self._usable_radius(mask)
        if radius == 0:
            log.warning("patchmatch: no clean patch around a mask of %d pixels, inpainted by harmonic", mask.sum())
            return Harmonic().inpaint(image, mask)
        layers = build_pyramid(with_texture(image, mask), mask, radius)
        layers = [Layer(layer.image * _strength(depth), layer.mask) for depth, layer in enumerate(layers)]
        depth = len(layers) - 1
        layer, search = layers[-1], prepare(layers[-1].mask, radius, TRUST)
        guess, matches = push_pull(layer.image, ~layer.mask), random_matches(search, self._number(depth))
        guess, matches = self._rounds(layer, search, guess, matches, depth, self.coarsest_rounds, max(layer.shape))
        while depth > 0:
            depth -= 1
            layer, coarser, search = layers[depth], search, prepare(layers[depth].mask, radius, TRUST)
            guess = enlarged(guess * _strength(-1), layer)
            matches = finer_matches(coarser, matches, search, self._number(depth))
            matches, distances = improve(search, guess, matches, 0, 1, 0)
            guess = _inpainted(layer, search, guess, matches, distances, SPREAD)
            rounds = self.rounds + MORE_ROUNDS * depth
            guess, matches = self._rounds(layer, search, guess, matches, depth, rounds, max(layer.shape) // 4)
        return guess[..., :3]

    def _rounds(
        self, layer: Layer, search: Search, guess: np.ndarray, matches: np.ndarray, depth: int, rounds: int, reach: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rounds of matching and inpainting at one size: a better guess, and its matches."""
        with _threads_worth(search):
            for turn in range(rounds):
                matches, distances = improve(search, guess, matches, self.scans, reach, self._number(depth, 1 + turn))
                last = depth == 0 and turn == rounds - 1
                guess = _inpainted(layer, search, guess, matches, distances, LAST_SPREAD if last else SPREAD)
                # a quarter of the pixels at every coarser size
                report_progress(0.25**depth * (0.25 + 0.75 * (1 + turn) / rounds))
        return guess, matches

    def _usable_radius(self, mask: np.ndarray) -> int:
        """The largest radius up to the setting that leaves a clean patch; 0 if none does."""
        for radius in range(self.radius, 0, -1):
            if clean_centres(mask, radius).any():
                if radius < self.radius:
                    log.info("patchmatch: radius %d instead of %d, little is known here", radius, self.radius)
                return radius
        return 0

    def _number(self, depth: int, turn: int = 0) -> int:
        """A number of its own for every random choice."""
        return (self.seed * 64 + depth) * 2048 + turn


def _strength(depth: int) -> np.ndarray:
    """Of the channels at a size: colours as they are, roughness faded."""
    return np.array([1, 1, 1, FADING**depth], np.float32)


def _inpainted(
    layer: Layer, search: Search, guess: np.ndarray, matches: np.ndarray, distances: np.ndarray, spread: float
) -> np.ndarray:
    """The guess after a vote. Roughness is taken as voted: unlike light, it does not go on across an edge."""
    scale = max(1.0, float(np.percentile(distances, 75)))  # at least one squared grey level
    votes = vote(search, guess, layer.mask, matches, distances, spread * scale)
    result = relax(guess, layer.mask, votes)
    result[layer.mask, 3] = votes.value[layer.mask, 3]
    return result


@contextmanager
def _threads_worth(search: Search) -> Iterator[None]:
    """One thread for few patches, all for many; the result is the same."""
    threads = numba.get_num_threads()
    numba.set_num_threads(threads if len(search.y) >= MANY else 1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)
