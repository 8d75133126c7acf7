"""Total variation: of all fills, the one with the least sum of |grad I|.

    min over the mask of  sum |grad I|,  known pixels as they are

A step costs its height, however steep it is, so that edges stay sharp, and their length counts, so that they become
straight and short. That is also its limit (Chan and Shen's connectivity principle): a bar is propagated on only where
the mask is narrower than the bar; across wider masks cutting it is shorter. Slopes turn into stairs. For masks in
cartoon and text, thin ones in photos.

|grad I| is the norm over all colours and both forward differences (vectorial TV), so that the colours have their edges
together. The forward differences keep edges along one diagonal sharper than along the other. Solved by the primal-dual
algorithm: the dual p is the direction of the gradient where there is one, |p| <= 1,

    p <- project(p + sigma grad(2 I - I_before)),   I <- I + tau div p in the mask,   8 sigma tau = 1

from the smooth solution at a size where the mask is narrow, and from there on at twice the size each.

Sources: Chan, Shen 2002, Mathematical Models for Local Nontexture Inpaintings (its TV model, without the term for
noise: known pixels are kept); Bresson, Chan 2008, Fast Dual Minimization of the Vectorial Total Variation Norm;
Chambolle, Pock 2011, A First-Order Primal-Dual Algorithm, algorithm 1. Cost: some hundred iterations of a hundred
operations a mask pixel, a third more for the smaller sizes.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.marching import march, windows
from vidinpaint.inpainters.scales import CoarseToFine, distance_to_known
from vidinpaint.numerics.kernels import kernel

NARROW = 4.0  # pixels of depth, up to which the smooth solution is a good start
TAU = np.float32(0.035)  # primal step: colours move by hundredths, while directions turn by a whole
SIGMA = np.float32(1 / 8) / TAU  # dual step; 8 bounds the squared norm of the differences


@dataclass(frozen=True)
class TotalVariation(CoarseToFine):
    """Least total variation: straight sharp edges, for masks narrower than what they cross."""

    tolerance: float = setting(
        5e-5, "Largest change per iteration at which the solver stops, of the range [0, 1].", low=1e-7, high=0.1
    )
    iterations: int = setting(1000, "Largest number of iterations at every size.", low=1, high=1_000_000)

    def margin(self, height: int, width: int) -> int:
        return 2

    def at_once(self, mask: np.ndarray) -> bool:
        """See `CoarseToFine`."""
        return bool(distance_to_known(mask).max() <= NARROW)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self.refine(Harmonic().inpaint(image, mask), mask)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        values = image.reshape(-1, 3).copy()
        ahead = values.copy()
        links, terms = _links(mask)
        dual = np.zeros((len(links), 2, 3), np.float32)
        march(lambda steps: _advance(values, ahead, dual, links, terms, steps), self.iterations, self.tolerance)
        return values.reshape(image.shape)


def _links(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The forward differences that see the mask, and which of them meet at each of its pixels.

    First int32 (M, 3): a pixel, the one to its right and the one below, entries of the flat picture; itself where the
    picture ends. Second int32 (N, 4): a mask pixel, and the rows of the first at itself, to its left and above.
    """
    sees = mask.copy()
    sees[:, :-1] |= mask[:, 1:]
    sees[:-1] |= mask[1:]
    links = windows(sees)[:, (4, 5, 7)]
    row = np.zeros(mask.size, np.int32)
    row[links[:, 0]] = np.arange(len(links), dtype=np.int32)
    around = windows(mask)
    terms = np.column_stack([around[:, 4], row[around[:, (4, 3, 1)]]])
    return np.ascontiguousarray(links), np.ascontiguousarray(terms)


@kernel
def _advance(values, ahead, dual, links, terms, steps):  # type: ignore[no-untyped-def]
    """Primal-dual iterations; returns the largest change of the last one.

    values float32 (H * W, 3); ahead, the same extrapolated; dual float32 (M, 2, 3); links, terms: see `_links`.
    """
    one, largest = np.float32(1), np.float32(0)
    for _ in range(steps):
        for m in range(len(links)):
            here, right, below = links[m]
            square = np.float32(0)
            for c in range(3):
                dual[m, 0, c] += SIGMA * (ahead[right, c] - ahead[here, c])
                dual[m, 1, c] += SIGMA * (ahead[below, c] - ahead[here, c])
                square += dual[m, 0, c] * dual[m, 0, c] + dual[m, 1, c] * dual[m, 1, c]
            if square > one:
                shrink = one / np.sqrt(square)
                for c in range(3):
                    dual[m, 0, c] *= shrink
                    dual[m, 1, c] *= shrink
        largest = np.float32(0)
        for n in range(len(terms)):
            p, here, left, above = terms[n]
            for c in range(3):
                # the dual of a difference across the border stays zero, so left == here adds nothing false
                divergence = dual[here, 0, c] + dual[here, 1, c]
                if left != here:
                    divergence -= dual[left, 0, c]
                if above != here:
                    divergence -= dual[above, 1, c]
                change = TAU * divergence
                values[p, c] += change
                ahead[p, c] = values[p, c] + change
                largest = max(largest, abs(change))
    return largest
