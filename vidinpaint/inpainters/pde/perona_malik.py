"""Perona and Malik's diffusion: dI/dt = div(g(|grad I|) grad I), which smooths within regions and not across edges.

The diffusivity g(s) = 1 / (1 + (s / K)^2) is near 1 where the gradient s is below the contrast K, and small above it:
there, diffusion runs backwards across the edge and sharpens it. Of the paper's two functions this is the one with the
long tail: where all is steep, at the mask's border in texture, something still flows in. One diffusivity serves all
colours, from the root mean square of their gradients, so that their edges stay together.

With g of the raw gradient the equation is ill-posed, and every noisy pixel can become an edge of its own. The gradient
is therefore taken from 3 x 3 pixels, a central difference smoothed across (Sobel's): Catte et al.'s regularisation at
the smallest scale. An edge that a mask interrupts is found where the mask is a few pixels wide: at a small size. From
there on it is kept and sharpened at every larger one; marching from a smooth guess at full size would find none.

Sources: Perona, Malik 1990, Scale-Space and Edge Detection Using Anisotropic Diffusion, equation 3 and section V;
Catte, Lions, Morel, Coll 1992, Image Selective Smoothing and Edge Detection by Nonlinear Diffusion. Cost: mask pixels
times iterations, a third more for the smaller sizes. For masks across clear edges between plain regions.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.marching import MOST_STABLE, diffuse, march, windows
from vidinpaint.inpainters.scales import CoarseToFine, distance_to_known
from vidinpaint.numerics.morphology import dilate

NARROW = 2.0  # pixels of depth, up to which a smooth guess still shows the edges


@dataclass(frozen=True)
class PeronaMalik(CoarseToFine):
    """Diffusion that stops at edges: for masks across clear edges between plain regions."""

    contrast: float = setting(
        0.03, "K: difference of neighbours above which there is an edge, of the range [0, 1].", low=0.001, high=10
    )
    iterations: int = setting(200, "Iterations at every size; fewer once nothing changes.", low=1, high=1_000_000)
    step: float = setting(
        MOST_STABLE, "Time step; stable up to 0.25.", low=0.001, high=MOST_STABLE, unit="pixels squared"
    )

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
        around, edges = windows(mask), windows(dilate(mask, 1))
        diffusivity = np.zeros(len(values), np.float32)
        contrast, step = np.float32(self.contrast), np.float32(self.step)
        march(lambda steps: _advance(values, around, edges, diffusivity, contrast, step, steps), self.iterations)
        return values.reshape(image.shape)


@njit(cache=True, nogil=True)
def _advance(values, around, edges, diffusivity, contrast, step, steps):  # type: ignore[no-untyped-def]
    change = np.empty((len(around), 3), np.float32)
    largest = np.float32(0)
    for _ in range(steps):
        _stop_at_edges(values, edges, contrast, diffusivity)
        largest = diffuse(values, around, diffusivity, step, change)
    return largest


@njit(cache=True, nogil=True)
def _stop_at_edges(values, around, contrast, diffusivity):  # type: ignore[no-untyped-def]
    """Set the diffusivity of the pixels of around to g of their gradients."""
    scale = np.float32(1) / (3 * 64 * contrast * contrast)  # three colours; Sobel's differences are 8 times too large
    for n in range(len(around)):
        w = around[n]
        square = np.float32(0)
        for c in range(3):
            falling = values[w[8], c] - values[w[0], c]  # along the diagonals
            rising = values[w[2], c] - values[w[6], c]
            gx = 2 * (values[w[5], c] - values[w[3], c]) + falling + rising
            gy = 2 * (values[w[7], c] - values[w[1], c]) + falling - rising
            square += gx * gx + gy * gy
        diffusivity[w[4]] = np.float32(1) / (np.float32(1) + square * scale)
