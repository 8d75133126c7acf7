"""Laplace's equation: the steady state of isotropic diffusion.

Inside the mask every pixel becomes the mean of its four neighbours; known pixels are the boundary. At the border of the
image, neighbours outside are left out (Neumann). The result is as smooth as possible: linear ramps are reproduced,
texture and edges end at the mask. It is solved for directly (`multigrid`) instead of marching in time.

When to use: thin masks, smooth content, and as the fallback of other methods. Cost: a dozen or two multigrid cycles,
proportional to the number of mask pixels. Source: Bertalmio, Sapiro, Caselles, Ballester 2000, Image Inpainting,
section 2; solver: see `multigrid`.
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
    """Laplace's equation, solved directly: smooth, for thin masks and plain surfaces."""

    tolerance: float = setting(2e-5, "Largest remaining error, colours in [0, 1].", low=1e-9, high=0.1)

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
