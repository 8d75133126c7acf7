"""The biharmonic equation: both the values and the slopes of the surroundings continue into the mask.

    min  sum (Laplacian I)^2,  with known pixels fixed;  the solution obeys  Laplacian Laplacian I = 0  in the mask

The sum runs over the mask and the known pixels that touch it, so that both the values and the slopes at its border
count, as in a thin plate that is clamped there. While `harmonic` flattens every ridge, here shading continues:
polynomials up to the third degree are reproduced. At the border of the image the plate lies flat (Neumann: neighbours
outside are left out); otherwise it could tilt freely where a mask reaches the border.

The normal equations are solved by conjugate gradients; two solutions of Laplace's equation, a cycle of `multigrid`
each, are a good approximate inverse: the solution of a plate on hinges, which differs from a clamped one at its rim
only. The number of iterations grows with about the square root of the width of the mask; some dozens in practice.

When to use: thin masks in smooth images; slopes that are noise continue, too, and overshoot in wide masks. Cost: 20 to
60 iterations of two multigrid cycles each, about five times that of `harmonic` for strokes, ten times for large masks.
Sources: Damelin, Hoang 2018, On Surface Completion and Image Inpainting by Biharmonic Functions; preconditioner:
Bjorstad 1983, Fast Numerical Solution of the Biharmonic Dirichlet Problem on Rectangles.
"""

import logging
from dataclasses import dataclass

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.marching import windows, with_neighbours
from vidinpaint.inpainters.pde.multigrid import build_levels, conjugate_gradients, cycle
from vidinpaint.numerics.kernels import kernel
from vidinpaint.numerics.laplace import push_pull

log = logging.getLogger(__name__)

FIVE_POINTS = [4, 1, 3, 5, 7]  # a pixel and its four neighbours, in a row of `windows`
MAX_ITERATIONS = 1000


@dataclass(frozen=True)
class Biharmonic(ImageInpainter):
    """Biharmonic equation: continues values and slopes, for thin masks in smooth shading."""

    tolerance: float = setting(
        1e-4, "Estimated error at which the solver stops, colours in [0, 1].", low=1e-9, high=0.1
    )

    def margin(self, height: int, width: int) -> int:
        return 2

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        result = push_pull(image, ~mask)
        levels = build_levels(mask)
        y, x = levels[0].y, levels[0].x
        plate = windows(with_neighbours(mask))[:, FIVE_POINTS]
        unknown_stencil, plate_stencil = _stencils(mask, plate, y * mask.shape[1] + x)

        def matrix(values: np.ndarray) -> np.ndarray:
            return _with_zero(_laplacian(_laplacian(values, unknown_stencil), plate_stencil))

        values = np.zeros((len(y) + 1, 3))
        known_part = _laplacian(result.reshape(-1, 3).astype(np.float64), plate)
        residual = -_with_zero(_laplacian(known_part, plate_stencil))
        converged = conjugate_gradients(
            matrix, lambda right: cycle(levels, cycle(levels, right)), values, residual, self.tolerance, MAX_ITERATIONS
        )
        if not converged:
            log.warning("biharmonic: %d mask pixels did not converge to %g", len(y), self.tolerance)
        result[y, x] += values[:-1]
        return result


def _stencils(mask: np.ndarray, plate: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two five-point stencils whose product is the matrix.

    plate (M, 5) holds the pixels where the Laplacian counts and their neighbours, order (N,) the unknowns, both as
    indices of the flat image. First int32 (M, 5): plate as indices of the unknowns, N where known, which stands for
    zero. Second int32 (N, 5): the unknowns and their neighbours as rows of plate.
    """
    unknown = np.full(mask.size, len(order), np.int32)
    unknown[order] = np.arange(len(order), dtype=np.int32)
    row = np.zeros(mask.size, np.int32)
    row[plate[:, 0]] = np.arange(len(plate), dtype=np.int32)
    return unknown[plate], row[plate[row[order]]]


def _with_zero(values: np.ndarray) -> np.ndarray:
    """The values followed by a zero, to which missing neighbours point."""
    return np.concatenate([values, np.zeros((1, values.shape[1]))])


@kernel
def _laplacian(values, stencil):  # type: ignore[no-untyped-def]
    result = np.empty((len(stencil), values.shape[1]))
    for n in range(len(stencil)):
        p, a, b, c, d = stencil[n, 0], stencil[n, 1], stencil[n, 2], stencil[n, 3], stencil[n, 4]
        for k in range(values.shape[1]):
            result[n, k] = values[a, k] + values[b, k] + values[c, k] + values[d, k] - 4 * values[p, k]
    return result
