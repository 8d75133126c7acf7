"""div(D grad I) = 0 in a mask, for a diffusion tensor D that may be as lopsided as it likes.

On a 3 x 3 stencil a strong diffusion in a direction between those of the grid leaks sideways, or gets negative weights
and overshoots. Here every pixel has a stencil of its own (Selling's decomposition):

    D = w_1 e_1 e_1^T + w_2 e_2 e_2^T + w_3 e_3 e_3^T,   w_i >= 0,   e_i whole numbers

three pairs of neighbours along +-e_i, which reach as far as it takes to hit the grid near the wanted direction, but are
the shortest that do. The energy sum w_i (I(x + e_i) - I(x))^2 over the mask's pixels is least where every pixel is a
mean of its neighbours with non-negative weights: no value leaves the range of the known ones, and the only sideways
diffusion is that of D. Where D is the same all around, linear ramps are reproduced. Known pixels are the boundary;
neighbours beyond the border of the picture are left out.

The equations are symmetric and positive, solved by conjugate gradients with the diagonal as preconditioner, in double
precision and a fixed order. Cost: a stencil has about 12 links, and iterations grow with the depth of the mask.

Sources: Fehrenbach, Mirebeau 2014, Sparse Non-Negative Stencils for Anisotropic Diffusion, section 2; Selling 1874.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vidinpaint.numerics.kernels import inner, kernel

TURNS = 100  # that the decomposition may take at most; it grows with the logarithm of the lopsidedness


@dataclass(frozen=True)
class Equations:
    """Of N mask pixels: each takes part in its own links, along its stencil, and in those of others to it.

    link      int32 (N, 6): numbers of the neighbours at e_1, -e_1, e_2 ..., -1 where that is no mask pixel
    weight    float64 (N, 3): of the links along e_1, e_2, e_3
    fixed     float64 (N,): sum of the weights of links to known pixels
    diagonal  float64 (N,): sum of the weights of all links
    right     float64 (N, 3): sum of the known values, times their weights
    """

    link: np.ndarray
    weight: np.ndarray
    fixed: np.ndarray
    diagonal: np.ndarray
    right: np.ndarray


def equations(start: np.ndarray, mask: np.ndarray, tensor: np.ndarray) -> Equations:
    """start (H, W, 3), whose known pixels are the boundary; mask bool (H, W); tensor (N, 3): D_xx, D_xy, D_yy."""
    number = np.full(mask.shape, -1, np.int32)
    number[mask] = np.arange(len(tensor), dtype=np.int32)
    return Equations(*_link(number, start, *stencils(tensor)))


def solve(system: Equations, values: np.ndarray, tolerance: float, iterations: int) -> Iterator[float]:
    """Change values float64 (N, 3) to the solution; yields the share of the iterations that are done, now and then.

    Ends where no equation by itself would change its value by tolerance any more, or after all iterations.
    """
    residual = system.right - _product(system.link, system.weight, system.fixed, values)
    # a pixel in a corner of the picture may have no link at all: it stays as it is
    inverse = np.divide(1, system.diagonal, out=np.zeros(len(values)), where=system.diagonal > 0)
    direction, before = np.zeros_like(values), 1.0
    for done in range(iterations):
        now, largest = _turn(residual, inverse, direction, before)
        if largest < tolerance:
            break
        image = _product(system.link, system.weight, system.fixed, direction)
        _move(values, residual, direction, image, now)
        before = now
        if done % 16 == 0:
            yield done / iterations


@kernel
def stencils(tensor):  # type: ignore[no-untyped-def]
    """The decomposition of every tensor (N, 3): weights float64 (N, 3), offsets int64 (N, 3, 2) as (dx, dy)."""
    weight, offset = np.empty((len(tensor), 3)), np.empty((len(tensor), 3, 2), np.int64)
    for n in range(len(tensor)):
        xx, xy, yy = tensor[n]
        base = np.array([[1, 0], [0, 1], [-1, -1]])
        turn = 0
        obtuse = False
        while not obtuse and turn < TURNS:
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
def _link(number, start, weight, offset):  # type: ignore[no-untyped-def]
    """The fields of `Equations`; number int32 (H, W): those of the mask's pixels, -1 where known."""
    height, width = number.shape
    link = np.full((len(weight), 6), -1, np.int32)
    fixed, diagonal, right = np.zeros(len(weight)), np.zeros(len(weight)), np.zeros((len(weight), 3))
    for y in range(height):
        for x in range(width):
            n = number[y, x]
            if n < 0:
                continue
            for side in range(6):
                sign, k = 1 - 2 * (side % 2), side // 2
                v, u = y + sign * offset[n, k, 1], x + sign * offset[n, k, 0]
                if not (0 <= v < height and 0 <= u < width):
                    continue
                m, w = number[v, u], weight[n, k]
                if m >= 0:
                    link[n, side] = m
                    diagonal[n] += w
                    diagonal[m] += w
                else:
                    # twice: the known pixel has a link to this one, too, and linear ramps stay straight
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
def _turn(residual, inverse, direction, before):  # type: ignore[no-untyped-def]
    """The next direction of conjugate gradients, in place; returns (residual, step) and the largest step.

    A step is what each equation by itself would change; before is what the last call returned first.
    """
    now, largest = 0.0, 0.0
    for n in range(len(residual)):
        for c in range(3):
            step = residual[n, c] * inverse[n]
            now += residual[n, c] * step
            largest = max(largest, abs(step))
    for n in range(len(residual)):
        for c in range(3):
            direction[n, c] = residual[n, c] * inverse[n] + now / before * direction[n, c]
    return now, largest


@kernel
def _move(values, residual, direction, image, now):  # type: ignore[no-untyped-def]
    """To the least energy along direction; image is its product."""
    total = 0.0
    for n in range(len(values)):
        for c in range(3):
            total += direction[n, c] * image[n, c]
    for n in range(len(values)):
        for c in range(3):
            values[n, c] += now / total * direction[n, c]
            residual[n, c] -= now / total * image[n, c]
