"""Perona and Malik's diffusion: dI/dt = div(g(|grad I|) grad I), which smooths within regions but not across edges.

The diffusivity g(s) = 1 / (1 + (s / K)^2) is near 1 where the gradient s is below the contrast K, and small above it:
there, diffusion runs backwards across the edge and sharpens it. Of the two functions in the paper this is the one with
the long tail: where all gradients are steep, as at the border of a mask in texture, some diffusion remains. One
diffusivity serves all colours, from the root mean square of their gradients, so that their edges stay together.

With g of the raw gradient the equation is ill-posed, and every noisy pixel can become an edge of its own. The gradient
is therefore taken from 3 x 3 pixels, a central difference smoothed across (Sobel's): Catte et al.'s regularisation at
the smallest scale. An edge that a mask interrupts is found at a small size, where the mask is a few pixels wide, and is
kept and sharpened at each larger size; marching from a smooth guess at full size would not find it.

When to use: masks across clear edges between plain regions. Cost: mask pixels times iterations, and a third more for
the smaller sizes. Sources: Perona, Malik 1990, Scale-Space and Edge Detection Using Anisotropic Diffusion, equation 3
and section V; Catte, Lions, Morel, Coll 1992, Image Selective Smoothing and Edge Detection by Nonlinear Diffusion.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.marching import MAX_STEP, diffuse, march, windows, with_neighbours
from vidinpaint.inpainters.scales import CoarseToFine
from vidinpaint.numerics.kernels import inner, kernel


@dataclass(frozen=True)
class PeronaMalik(CoarseToFine):
    """Diffusion that stops at edges: for masks across clear edges between plain regions."""

    max_depth: ClassVar[float] = 2.0  # the smooth start still shows the edges

    contrast: float = setting(
        0.03, "K: difference of neighbours above which there is an edge, colours in [0, 1].", low=0.001, high=10
    )
    iterations: int = setting(200, "Largest number of iterations at each size.", low=1, high=1_000_000)
    step: float = setting(MAX_STEP, "Time step; stable up to 0.25.", low=0.001, high=MAX_STEP, unit="pixels squared")

    def margin(self, height: int, width: int) -> int:
        return 2

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        values = image.reshape(-1, 3).copy()
        around, edges = windows(mask), windows(with_neighbours(mask))
        diffusivity = np.zeros(len(values), np.float32)
        contrast, step = np.float32(self.contrast), np.float32(self.step)
        march(lambda steps: _advance(values, around, edges, diffusivity, contrast, step, steps), self.iterations)
        return values.reshape(image.shape)


@kernel
def _advance(values, around, edges, diffusivity, contrast, step, steps):  # type: ignore[no-untyped-def]
    change = np.empty((len(around), 3), np.float32)
    largest = np.float32(0)
    for _ in range(steps):
        _stop_at_edges(values, edges, contrast, diffusivity)
        largest = diffuse(values, around, diffusivity, step, change)
    return largest


@inner
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
