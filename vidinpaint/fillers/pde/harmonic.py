"""Laplace's equation: isotropic diffusion run to its end.

Inside the hole every pixel becomes the mean of its four neighbours, known pixels are the boundary; at the border of
the picture the neighbours outside are left out (Neumann). This is the steady state of the heat equation and the
smoothest possible fill: linear ramps are reproduced, texture and edges end at the hole. Solved by multigrid
(`multigrid`) instead of marching in time; cost grows with the number of hole pixels only. For thin holes, smooth
content, and as the last resort of other methods.

Source: Bertalmio, Sapiro, Caselles, Ballester 2000, Image Inpainting, section 2; solver: see `multigrid`.
"""

import logging
from dataclasses import dataclass

import numpy as np

from vidinpaint.fillers.interface import ImageInpainter
from vidinpaint.fillers.pde.multigrid import solve
from vidinpaint.laplace import push_pull
from vidinpaint.settings import setting

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Harmonic(ImageInpainter):
    """Laplace's equation, solved exactly: smooth, for thin holes and plain surfaces."""

    tolerance: float = setting(2e-5, "Largest error that remains, of the range [0, 1].", low=1e-9, high=0.1)

    def margin(self, height: int, width: int) -> int:
        return 1

    def inpaint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        result = push_pull(image, ~hole)
        values, converged = solve(result, hole, self.tolerance)
        if not converged:
            log.warning("harmonic: %d hole pixels did not converge to %g", len(values), self.tolerance)
        result[hole] = values
        return result
