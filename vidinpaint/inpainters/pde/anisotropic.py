"""Solves div(D grad I) = 0 in a mask, for a diffusion tensor D of any anisotropy.

On a 3 x 3 stencil a strong diffusion in a direction between those of the grid leaks sideways, or gets negative weights
and overshoots. Here every pixel has a stencil of its own (Selling's decomposition):

    D = w_1 e_1 e_1^T + w_2 e_2 e_2^T + w_3 e_3 e_3^T,   w_i >= 0,   e_i whole numbers

three pairs of neighbours along +-e_i, the shortest offsets that meet the grid close to the direction of D. The energy
sum w_i (I(x + e_i) - I(x))^2 over the mask pixels is minimal where every pixel is a mean of its neighbours with
non-negative weights: no value leaves the range of the known ones, and there is no more diffusion across than in D.
Where D is constant, linear ramps are reproduced. Known pixels are the boundary; neighbours outside the image are left
out.

The equations are symmetric and positive definite, solved by conjugate gradients with the diagonal as preconditioner, in
double precision and a fixed order. Cost: a stencil has about 12 links; iterations grow with the depth of the mask.

Sources: Fehrenbach, Mirebeau 2014, Sparse Non-Negative Stencils for Anisotropic Diffusion, section 2; Selling 1874.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vidinpaint.numerics.kernels import inner, kernel

MAX_TURNS = 100  # of the decomposition; the number grows with the logarithm of the anisotropy


@dataclass(frozen=True)
class Equations:
    """The linear equations of N mask pixels, each linked to the pixels of its own stencil and to those that link to it.

    link      int32 (N, 6): indices of the neighbours at e_1, -e_1, e_2 ..., -1 where that is no mask pixel
    weight    float64 (N, 3): weights of the links along e_1, e_2, e_3
    fixed     float64 (N,): sum of the weights of links to known pixels
    diagonal  float64 (N,): sum of the weights of all links
    right     float64 (N, 3): the right-hand side, the sum of the known values times their weights
    """

    link: np.ndarray
    weight: np.ndarray
    fixed: np.ndarray
    diagonal: np.ndarray
    right: np.ndarray


def equations(start: np.ndarray, mask: np.ndarray, tensor: np.ndarray) -> Equations:
    """The equations for start (H, W, 3), whose known pixels are the boundary, and mask bool (H, W), True = unknown.

    tensor (N, 3) holds D_xx, D_xy, D_yy of the mask pixels in reading order.
    """
    index = np.full(mask.shape, -1, np.int32)
    index[mask] = np.arange(len(tensor), dtype=np.int32)
    return Equations(*_link(index, start, *stencils(tensor)))


def solve(system: Equations, values: np.ndarray, tolerance: float, iterations: int) -> Iterator[float]:
    """Change values float64 (N, 3) to the solution; yields the share of iterations done after every 16 of them.

    Stops when no equation on its own would change its value by tolerance or more, or after all iterations.
    """
    residual = system.right - _product(system.link, system.weight, system.fixed, values)
    # a pixel in a corner of the image may have no link at all: it keeps its value
    inverse = np.divide(1, system.diagonal, out=np.zeros(len(values)), where=system.diagonal > 0)
    direction, previous_energy = np.zeros_like(values), 1.0
    for done in range(iterations):
        energy, largest = _next_direction(residual, inverse, direction, previous_energy)
        if largest < tolerance:
            break
        image = _product(system.link, system.weight, system.fixed, direction)
        _move(values, residual, direction, image, energy)
        previous_energy = energy
        if done % 16 == 0:
            yield done / iterations


@kernel
def stencils(tensor):  # type: ignore[no-untyped-def]
    """The decomposition of each tensor (N, 3): weights float64 (N, 3), offsets int64 (N, 3, 2) as (dx, dy)."""
    weight, offset = np.empty((len(tensor), 3)), np.empty((len(tensor), 3, 2), np.int64)
    for n in range(len(tensor)):
        xx, xy, yy = tensor[n]
        base = np.array([[1, 0], [0, 1], [-1, -1]])
        turn = 0
        obtuse = False
        while not obtuse and turn < MAX_TURNS:
            obtuse = True
            for k in range(3):
                i, j = (k + 1) % 3, (k + 2) % 3
                if _inner(xx, xy, yy, base[i], base[j]) > 1e-12 * (xx + yy):
                    base[k] = base[i] - base[j]
                    base[i] = -base[i]
                    obtuse = False
            turn += 1
        for k in range(3):
            weight[n, k] = max(0.0, -_inner(xx, xy, yy, base[(k + 1) % 3], base[(k + 2) % 3]))
            offset[n, k, 0], offset[n, k, 1] = -base[k, 1], base[k, 0]
    return weight, offset


@inner
def _inner(xx, xy, yy, u, v):  # type: ignore[no-untyped-def]
    return xx * u[0] * v[0] + xy * (u[0] * v[1] + u[1] * v[0]) + yy * u[1] * v[1]


@kernel
def _link(index, start, weight, offset):  # type: ignore[no-untyped-def]
    """The fields of `Equations`; index int32 (H, W): indices of the mask pixels, -1 where known."""
    height, width = index.shape
    link = np.full((len(weight), 6), -1, np.int32)
    fixed, diagonal, right = np.zeros(len(weight)), np.zeros(len(weight)), np.zeros((len(weight), 3))
    for y in range(height):
        for x in range(width):
            n = index[y, x]
            if n < 0:
                continue
            for side in range(6):
                sign, k = 1 - 2 * (side % 2), side // 2
                v, u = y + sign * offset[n, k, 1], x + sign * offset[n, k, 0]
                if not (0 <= v < height and 0 <= u < width):
                    continue
                m, w = index[v, u], weight[n, k]
                if m >= 0:
                    link[n, side] = m
                    diagonal[n] += w
                    diagonal[m] += w
                else:
                    # twice, as the known pixel has a link to this one, too: so linear ramps are reproduced
                    diagonal[n] += 2 * w
                    fixed[n] += 2 * w
                    for c in range(3):
                        right[n, c] += 2 * w * start[v, u, c]
    return link, weight, fixed, diagonal, right


@kernel
def _product(link, weight, fixed, values):  # type: ignore[no-untyped-def]
    """The left-hand sides for values (N, 3)."""
    result = np.zeros_like(values)
    for n in range(len(link)):
        for c in range(3):
            result[n, c] += fixed[n] * values[n, c]
        for side in range(6):
            m, w = link[n, side], weight[n, side // 2]
            if m >= 0:
                for c in range(3):
                    flow = w * (values[n, c] - values[m, c])
                    result[n, c] += flow
                    result[m, c] -= flow
    return result


@kernel
def _next_direction(residual, inverse, direction, previous_energy):  # type: ignore[no-untyped-def]
    """The next direction of conjugate gradients, in place; returns the energy (residual, step) and the largest step.

    A step is what each equation on its own would change; previous_energy is that of the call before.
    """
    energy, largest = 0.0, 0.0
    for n in range(len(residual)):
        for c in range(3):
            step = residual[n, c] * inverse[n]
            energy += residual[n, c] * step
            largest = max(largest, abs(step))
    for n in range(len(residual)):
        for c in range(3):
            direction[n, c] = residual[n, c] * inverse[n] + energy / previous_energy * direction[n, c]
    return energy, largest


@kernel
def _move(values, residual, direction, image, energy):  # type: ignore[no-untyped-def]
    """Move the values along direction to the minimum; image is the product of the matrix and direction."""
    total = 0.0
    for n in range(len(values)):
        for c in range(3):
            total += direction[n, c] * image[n, c]
    for n in range(len(values)):
        for c in range(3):
            values[n, c] += energy / total * direction[n, c]
            residual[n, c] -= energy / total * image[n, c]
