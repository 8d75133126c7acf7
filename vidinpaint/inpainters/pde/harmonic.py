"""Laplace's equation: isotropic diffusion run to its end.

Inside the mask every pixel becomes the mean of its four neighbours, known pixels are the boundary; at the border of
the picture the neighbours outside are left out (Neumann). This is the steady state of the heat equation and the
smoothest possible fill: linear ramps are reproduced, texture and edges end at the mask. Solved by multigrid
(`multigrid`) instead of marching in time; cost grows with the number of mask pixels only. For thin masks, smooth
content, and as the last resort of other methods.

Source: Bertalmio, Sapiro, Caselles, Ballester 2000, Image Inpainting, section 2; solver: see `multigrid`.
"""

import logging
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.multigrid import solve
from vidinpaint.numerics.laplace import push_pull

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Harmonic(ImageInpainter):
    """Laplace's equation, solved exactly: smooth, for thin masks and plain surfaces."""

    tolerance: float = setting(2e-5, "Largest error that remains, of the range [0, 1].", low=1e-9, high=0.1)

    def margin(self, height: int, width: int) -> int:
        return 1

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        result = push_pull(image, ~mask)
        values, converged = solve(result, mask, self.tolerance)
        if not converged:
            log.warning("harmonic: %d mask pixels did not converge to %g", len(values), self.tolerance)
        result[mask] = values
        return result
