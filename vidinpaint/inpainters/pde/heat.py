"""The heat equation, marched in time: dI/dt = div(D grad I) with constant D.

Colours flow into the mask from the known pixels around it, which stay as they are. Explicit five-point scheme
(`marching.diffuse`); at the border of the picture nothing flows. Its steady state is Laplace's equation, which
`harmonic` solves at once: use that one, unless the way there is what is wanted. Few iterations leave large masks with
more of what was guessed.

A heat front needs d^2 / step iterations to cross d pixels. Masks deeper than that start from the result at half the
size, so that only the finest detail is left to each size (cascadic multigrid).

Source: Bertalmio, Sapiro, Caselles, Ballester 2000, Image Inpainting, section 2; Weickert 1998, Anisotropic Diffusion
in Image Processing, section 1.2; cascade: Bornemann, Deuflhard 1996. Cost: mask pixels times iterations, a third more
for the coarser sizes.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.marching import MOST_STABLE, diffuse, march, windows
from vidinpaint.inpainters.scales import CoarseToFine, distance_to_known
from vidinpaint.numerics.kernels import kernel
from vidinpaint.numerics.laplace import push_pull

PATIENCE = 3.0  # time, in squares of a mask's depth, in which its slowest wave shrinks to a thousandth


@dataclass(frozen=True)
class Heat(CoarseToFine):
    """The heat equation marched in time: smooth; `harmonic` is its end, and quicker."""

    iterations: int = setting(200, "Iterations at every size; fewer once nothing changes.", low=1, high=1_000_000)
    step: float = setting(
        MOST_STABLE, "Time step; stable up to 0.25.", low=0.001, high=MOST_STABLE, unit="pixels squared"
    )

    def margin(self, height: int, width: int) -> int:
        return 1

    def at_once(self, mask: np.ndarray) -> bool:
        """See `CoarseToFine`."""
        return bool(PATIENCE * distance_to_known(mask).max() ** 2 <= self.step * self.iterations)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self.refine(push_pull(image, ~mask), mask)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        values = image.reshape(-1, 3).copy()
        around = windows(mask)
        plain = np.ones(len(values), np.float32)
        march(lambda steps: _advance(values, around, plain, np.float32(self.step), steps), self.iterations)
        return values.reshape(image.shape)


@kernel
def _advance(values, around, diffusivity, step, steps):  # type: ignore[no-untyped-def]
    change = np.empty((len(around), 3), np.float32)
    largest = np.float32(0)
    for _ in range(steps):
        largest = diffuse(values, around, diffusivity, step, change)
    return largest
