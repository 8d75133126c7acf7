"""The heat equation, marched in time: dI/dt = div(D grad I) with constant D.

Colours flow into the mask from the known pixels around it, which are fixed. Explicit five-point scheme
(`marching.diffuse`); nothing flows across the border of the image. The steady state is the solution of Laplace's
equation. With few iterations, large masks keep more of the guess that the method starts from.

A heat front needs d^2 / step iterations to cross d pixels. Masks deeper than that start from the result at half the
size, so that each size only adds the finest detail (cascadic multigrid).

When to use: to study the diffusion itself; `harmonic` finds its steady state faster. Cost: mask pixels times
iterations, and a third more for the coarser sizes. Sources: Bertalmio, Sapiro, Caselles, Ballester 2000, Image
Inpainting, section 2; Weickert 1998, Anisotropic Diffusion in Image Processing, section 1.2; cascade: Bornemann,
Deuflhard 1996, The Cascadic Multigrid Method for Elliptic Problems.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.marching import MAX_STEP, diffuse, march, windows
from vidinpaint.inpainters.scales import CoarseToFine
from vidinpaint.numerics.kernels import kernel
from vidinpaint.numerics.laplace import push_pull
from vidinpaint.numerics.morphology import distance_outside

DECAY_TIME = 3.0  # in squares of the depth of the mask, in which the slowest wave decays to a thousandth


@dataclass(frozen=True)
class Heat(CoarseToFine):
    """The heat equation, marched in time: smooth; `harmonic` finds its steady state faster."""

    iterations: int = setting(200, "Largest number of iterations at each size.", low=1, high=1_000_000)
    step: float = setting(MAX_STEP, "Time step; stable up to 0.25.", low=0.001, high=MAX_STEP, unit="pixels squared")

    def margin(self, height: int, width: int) -> int:
        return 1

    def can_start(self, mask: np.ndarray) -> bool:
        """See `CoarseToFine`."""
        return bool(DECAY_TIME * distance_outside(mask).max() ** 2 <= self.step * self.iterations)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self.refine(push_pull(image, ~mask), mask)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        values = image.reshape(-1, 3).copy()
        around = windows(mask)
        uniform = np.ones(len(values), np.float32)
        march(lambda steps: _advance(values, around, uniform, np.float32(self.step), steps), self.iterations)
        return values.reshape(image.shape)


@kernel
def _advance(values, around, diffusivity, step, steps):  # type: ignore[no-untyped-def]
    change = np.empty((len(around), 3), np.float32)
    largest = np.float32(0)
    for _ in range(steps):
        largest = diffuse(values, around, diffusivity, step, change)
    return largest
