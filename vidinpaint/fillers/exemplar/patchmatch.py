"""Completion by patches of the same picture, coarse to fine.

Every patch that reaches into the hole is matched with a clean one elsewhere (`matching`), the matches vote for the
colours (`voting`), and the two are repeated, as in expectation maximisation, from a size at which the hole is a few
pixels wide up to the full one. Patches that touch the hole are never taken. Three things carry it:

- At the coarsest size only known pixels are compared at first; what was guessed counts the less, the deeper it lies.
- Above the full size, every guess is pulled a little towards the smooth solution of Laplace's equation. It fixes the
  colours of large regions, which matching alone leaves to chance; the last size is free of it, and sharp.
- A channel of roughness keeps textured surfaces from filling up with flat patches (`texture`).

Sources: Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch; Wexler, Shechtman, Irani 2007, Space-Time Completion
of Video, section 3. Cost: about 50 comparisons a hole pixel. For large and textured holes; where too little is known
around the hole for any clean patch, smaller patches and at last `harmonic` take over, with a note in the log.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numba
import numpy as np

from vidinpaint.fillers.exemplar.matching import (
    LARGEST_RADIUS,
    Search,
    finer_matches,
    improve,
    prepare,
    random_matches,
)
from vidinpaint.fillers.exemplar.pyramid import build_pyramid, clean_centres
from vidinpaint.fillers.exemplar.texture import with_texture
from vidinpaint.fillers.exemplar.voting import vote
from vidinpaint.fillers.interface import FrameFiller, require
from vidinpaint.fillers.pde.harmonic import Harmonic
from vidinpaint.fillers.scales import Layer, distance_to_known, enlarged

log = logging.getLogger(__name__)

TRUST = 0.5  # weight of guessed pixels in comparisons, a pixel of depth
DECAY = 0.5  # confidence in the vote of a patch, a pixel of its centre's depth
DEEPEST = 60.0  # pixels, below which confidence falls no further: products of smaller numbers would be zero
SPREAD = 2.0  # of the votes, in units of the distance that 3 of 4 matches reach
LAST_SPREAD = 0.5  # of the last vote: sharp
SMOOTHNESS = 0.3  # pull towards the smooth solution, at all sizes but the full one
BLIND_ROUNDS = 3  # first rounds, that compare known pixels only
MANY = 8192  # patches, below which threads wait for each other longer than they work
MORE_ROUNDS = 2  # rounds more at every coarser size: they are cheap, and decide the structure


@dataclass(frozen=True)
class PatchMatch(FrameFiller):
    """PatchMatch completion: patches of the same picture, for large and textured holes.

    radius           of the patches, in pixels, 1 to 10
    rounds           of matching and voting at full size, 1 to 100
    coarsest_rounds  of matching and voting at the coarsest size, 1 to 1000
    scans            of matching in a round, 1 to 100
    seed             of the random search, 0 to 1000000
    """

    radius: int = 3
    rounds: int = 3
    coarsest_rounds: int = 12
    scans: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        require("patchmatch.radius", self.radius, 1, LARGEST_RADIUS, "pixels")
        require("patchmatch.rounds", self.rounds, 1, 100)
        require("patchmatch.coarsest_rounds", self.coarsest_rounds, 1, 1000)
        require("patchmatch.scans", self.scans, 1, 100)
        require("patchmatch.seed", self.seed, 0, 1000000)

    def margin(self, height: int, width: int) -> int:
        return 64 + 2 * max(height, width)

    def paint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """See `FrameFiller`."""
        radius = self._usable_radius(hole)
        if radius == 0:
            log.warning("patchmatch: no clean patch around a hole of %d pixels, painted by harmonic", hole.sum())
            return Harmonic().paint(image, hole)
        layers = build_pyramid(with_texture(image, hole), hole, radius)
        search = prepare(layers[-1].hole, radius, TRUST)
        with _threads_worth(search):
            guess, matches = self._start(layers[-1], search, len(layers) - 1)
        for depth in range(len(layers) - 2, -1, -1):
            coarser, search = search, prepare(layers[depth].hole, radius, TRUST)
            matches = finer_matches(coarser, matches, search, self._number(depth))
            with _threads_worth(search):
                guess, matches = self._refine(layers[depth], search, depth, guess, matches)
        return guess[..., :3]

    def _start(self, layer: Layer, search: Search, depth: int) -> tuple[np.ndarray, np.ndarray]:
        """The coarsest size, from a smooth guess and random matches: that guess and its matches."""
        guess = smooth = Harmonic().paint(layer.image, layer.hole)
        matches = random_matches(search, self._number(depth))
        blind = prepare(layer.hole, search.radius, trust=0)
        for turn in range(self.coarsest_rounds):
            now = blind if turn < min(BLIND_ROUNDS, self.coarsest_rounds - 1) else search
            matches, distances = improve(
                now, guess, matches, self.scans, max(layer.shape), self._number(depth, 1 + turn)
            )
            last = depth == 0 and turn == self.coarsest_rounds - 1
            guess = _voted(layer, search, guess, matches, distances, LAST_SPREAD if last else SPREAD)
            if depth > 0:
                guess = (1 - SMOOTHNESS) * guess + SMOOTHNESS * smooth
        return guess, matches

    def _refine(
        self, layer: Layer, search: Search, depth: int, guess: np.ndarray, matches: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """One size, from the guess of the next coarser one and its matches, brought to this size."""
        guess = enlarged(guess, layer)
        matches, distances = improve(search, guess, matches, 0, 1, 0)
        guess = _voted(layer, search, guess, matches, distances, SPREAD)
        smooth = Harmonic().paint(layer.image, layer.hole) if depth > 0 else guess
        rounds = self.rounds + MORE_ROUNDS * depth
        for turn in range(rounds):
            reach = max(1, max(layer.shape) // 4)
            matches, distances = improve(search, guess, matches, self.scans, reach, self._number(depth, 1 + turn))
            last = depth == 0 and turn == rounds - 1
            guess = _voted(layer, search, guess, matches, distances, LAST_SPREAD if last else SPREAD)
            if depth > 0:
                guess = (1 - SMOOTHNESS) * guess + SMOOTHNESS * smooth
        return guess, matches

    def _usable_radius(self, hole: np.ndarray) -> int:
        """The largest radius up to the setting that leaves a clean patch; 0 if none does."""
        for radius in range(self.radius, 0, -1):
            if clean_centres(hole, radius).any():
                if radius < self.radius:
                    log.info("patchmatch: radius %d instead of %d, little is known here", radius, self.radius)
                return radius
        return 0

    def _number(self, depth: int, turn: int = 0) -> int:
        """A number of its own for every random choice."""
        return (self.seed * 64 + depth) * 2048 + turn


def _voted(
    layer: Layer, search: Search, guess: np.ndarray, matches: np.ndarray, distances: np.ndarray, spread: float
) -> np.ndarray:
    confidence = (np.float32(DECAY) ** np.minimum(distance_to_known(layer.hole), DEEPEST)).astype(np.float32)
    scale = max(1.0, float(np.percentile(distances, 75)))  # at least one squared grey level
    return vote(search, guess, layer.hole, matches, distances, confidence, spread * scale)


@contextmanager
def _threads_worth(search: Search) -> Iterator[None]:
    """One thread for few patches, all for many; the result is the same."""
    threads = numba.get_num_threads()
    numba.set_num_threads(threads if len(search.y) >= MANY else 1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)
