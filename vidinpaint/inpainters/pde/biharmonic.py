"""The biharmonic equation: values and slopes of the surroundings propagate on into the mask.

    min  sum (Laplacian I)^2,  known pixels as they are;  its solution obeys  Laplacian Laplacian I = 0  in the mask

The sum runs over the mask and the known pixels that touch it, so that both the values and the slopes at its border
count, as in a thin plate that is clamped there. Where `harmonic` lets every ridge sag, shading propagates on:
polynomials up to the third degree are reproduced. At the border of the picture the plate lies flat (Neumann: neighbours
outside are left out), or it would tilt without hold where a mask reaches there. The price is noise: a slope that is
noise runs on as far as one that is not, and overshoots in wide masks. For thin masks in smooth pictures.

The normal equations are solved by conjugate gradients; two solutions of Laplace's equation, a cycle of `multigrid`
each, are a good approximate inverse: the solution of a plate on hinges, which differs from a clamped one at its rim
only. The number of iterations grows with about the square root of the mask's width; some dozens in practice.

Sources: Damelin, Hoang 2018, On Surface Completion and Image Inpainting by Biharmonic Functions; preconditioner:
Bjorstad 1983, Fast Numerical Solution of the Biharmonic Dirichlet Problem on Rectangles. Cost: 20 to 60 iterations of
two multigrid cycles each, about five times that of `harmonic` for strokes, ten times for large masks.
"""

import logging
from dataclasses import dataclass

import numpy as np
from numba import njit

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.marching import windows
from vidinpaint.inpainters.pde.multigrid import build_levels, conjugate_gradients, cycle
from vidinpaint.numerics.laplace import push_pull
from vidinpaint.numerics.morphology import dilate

log = logging.getLogger(__name__)

FIVE = [4, 1, 3, 5, 7]  # a pixel and its neighbours, in a row of `windows`
MOST_ITERATIONS = 1000


@dataclass(frozen=True)
class Biharmonic(ImageInpainter):
    """Values and slopes propagate on: for thin masks in smooth shading."""

    tolerance: float = setting(
        1e-4, "Estimated error at which the solver stops, of the range [0, 1].", low=1e-9, high=0.1
    )

    def margin(self, height: int, width: int) -> int:
        return 2

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        result = push_pull(image, ~mask)
        levels = build_levels(mask)
        y, x = levels[0].y, levels[0].x
        plate = windows(dilate(mask, 1))[:, FIVE]
        bent, free = _stencils(mask, plate, y * mask.shape[1] + x)

        def matrix(values: np.ndarray) -> np.ndarray:
            return _closed(_laplacian(_laplacian(values, bent), free))

        values = np.zeros((len(y) + 1, 3))
        residual = -_closed(_laplacian(_laplacian(result.reshape(-1, 3).astype(np.float64), plate), free))
        converged = conjugate_gradients(
            matrix, lambda right: cycle(levels, cycle(levels, right)), values, residual, self.tolerance, MOST_ITERATIONS
        )
        if not converged:
            log.warning("biharmonic: %d mask pixels did not converge to %g", len(y), self.tolerance)
        result[y, x] += values[:-1]
        return result


def _stencils(mask: np.ndarray, plate: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two five-point stencils whose product is the matrix.

    plate (M, 5) are the pixels where the Laplacian counts and their neighbours, order (N,) the unknowns, both entries
    of the flat picture. First int32 (M, 5): plate in numbers of the unknowns, N where known, which stands for zero.
    Second int32 (N, 5): the unknowns and their neighbours in rows of plate.
    """
    unknown = np.full(mask.size, len(order), np.int32)
    unknown[order] = np.arange(len(order), dtype=np.int32)
    row = np.zeros(mask.size, np.int32)
    row[plate[:, 0]] = np.arange(len(plate), dtype=np.int32)
    return unknown[plate], row[plate[row[order]]]


def _closed(values: np.ndarray) -> np.ndarray:
    """values with the zero at the end that missing neighbours point to."""
    return np.concatenate([values, np.zeros((1, values.shape[1]))])


@njit(cache=True, nogil=True)
def _laplacian(values, stencil):  # type: ignore[no-untyped-def]
    result = np.empty((len(stencil), values.shape[1]))
    for n in range(len(stencil)):
        p, a, b, c, d = stencil[n, 0], stencil[n, 1], stencil[n, 2], stencil[n, 3], stencil[n, 4]
        for k in range(values.shape[1]):
            result[n, k] = values[a, k] + values[b, k] + values[c, k] + values[d, k] - 4 * values[p, k]
    return result
