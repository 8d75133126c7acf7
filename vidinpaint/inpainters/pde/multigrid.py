"""Laplace's equation on masks of any shape, by conjugate gradients with a multigrid preconditioner.

The unknown pixels form a graph: a link of weight 1 to each of the four neighbours inside the image. Coarser graphs join
the unknown pixels of 2 x 2 cells (aggregation: Braess 1995, Towards Algebraic Multigrid for Elliptic Problems of Second
Order): their links are sums of links, so every shape, even single known pixels in a large mask, keeps its boundary on
all levels. A W-cycle over these graphs preconditions the conjugate gradients. Cost: a dozen or two cycles of a few
operations per mask pixel, whatever the size of the mask.

All sums run in a fixed order on one thread: the same result on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vidinpaint.numerics.kernels import kernel

MAX_DIRECT = 150  # unknowns of the coarsest level, which is solved directly
STIFFNESS = 1.6  # a piecewise constant correction is too small by a factor between 1 and 2 (Braess 1995, section 3)
SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))


@dataclass(frozen=True)
class Level:
    """One graph of N unknowns; element N of every vector is a zero to which missing neighbours point.

    y, x       int64 (N,), cells on the grid of this level, those with even y + x first
    even       number of cells with even y + x; they are linked to odd ones only
    neighbour  int32 (N, 4), indices of the neighbours at `SIDES`, N where that is no unknown
    weight     float64 (N, 4), of the links; 0 where there is none
    diagonal   float64 (N,), sum of the weights of all links, including those to known pixels
    parent     int32 (N,), the index of the cell on the next coarser level
    inverse    float64 (N, N) of the matrix on the last level, empty on the others
    """

    y: np.ndarray
    x: np.ndarray
    even: int
    neighbour: np.ndarray
    weight: np.ndarray
    diagonal: np.ndarray
    parent: np.ndarray
    inverse: np.ndarray

    def __len__(self) -> int:
        return len(self.y)


def solve(start: np.ndarray, mask: np.ndarray, tolerance: float, max_cycles: int = 200) -> tuple[np.ndarray, bool]:
    """Values under the mask whose 5-point Laplacian vanishes.

    start (H, W, C) is the boundary where known and the first guess under the mask; mask bool (H, W), True = unknown.
    Neighbours outside the image are left out (Neumann border). Stops when the estimated error and the residual are both
    below tolerance. Returns float64 (N, C) in the order of start[mask], and whether it converged.
    """
    levels = build_levels(mask)
    finest = levels[0]
    solution = np.zeros((len(finest) + 1, start.shape[-1]))
    solution[:-1] = start[finest.y, finest.x]
    residual = _boundary(start, mask, finest)
    residual -= _product(finest, solution)
    converged = conjugate_gradients(
        lambda values: _product(finest, values),
        lambda residual: cycle(levels, residual),
        solution,
        residual,
        tolerance,
        max_cycles,
    )
    values = np.zeros((*mask.shape, start.shape[-1]))
    values[finest.y, finest.x] = solution[:-1]
    return values[mask], converged


def conjugate_gradients(
    matrix: Callable[[np.ndarray], np.ndarray],
    precondition: Callable[[np.ndarray], np.ndarray],
    solution: np.ndarray,
    residual: np.ndarray,
    tolerance: float,
    max_iterations: int,
) -> bool:
    """Improve solution (N + 1, C) in place until the estimated error and the residual are below tolerance.

    matrix, and precondition, an approximate inverse of it, must be symmetric and positive definite; residual belongs to
    solution and is changed, too. Returns whether it converged within max_iterations.
    """
    direction = np.zeros_like(solution)
    previous_energy = 1.0
    for _ in range(max_iterations):
        step = precondition(residual)
        if max(np.abs(step).max(), np.abs(residual).max()) < tolerance:
            return True
        energy = _dot(residual, step)
        direction = step + energy / previous_energy * direction
        image = matrix(direction)
        length = energy / _dot(direction, image)
        solution += length * direction
        residual -= length * image
        previous_energy = energy
    return False


def build_levels(mask: np.ndarray) -> list[Level]:
    """The graph of the mask pixels and ever coarser ones."""
    height, width = mask.shape
    y, x = np.nonzero(mask)
    order = np.argsort((y + x) % 2, kind="stable")
    y, x = y[order], x[order]
    inside = [(y + dy >= 0) & (y + dy < height) & (x + dx >= 0) & (x + dx < width) for dy, dx in SIDES]
    diagonal = np.sum(inside, axis=0).astype(np.float64)
    neighbour = _neighbours(y, x)
    weight = (neighbour < len(y)).astype(np.float64)
    levels = []
    while len(y) > MAX_DIRECT:
        coarse_y, coarse_x, parent = _cells(y, x)
        levels.append(_level(y, x, neighbour, weight, diagonal, parent))
        y, x, neighbour, weight, diagonal = _coarser(levels[-1], coarse_y, coarse_x)
    levels.append(_level(y, x, neighbour, weight, diagonal, np.zeros(0, np.int32), direct=True))
    return levels


def _level(
    y: np.ndarray,
    x: np.ndarray,
    neighbour: np.ndarray,
    weight: np.ndarray,
    diagonal: np.ndarray,
    parent: np.ndarray,
    direct: bool = False,
) -> Level:
    count = len(y) if direct else 0
    inverse = np.zeros((count, count))
    if direct:
        matrix = np.zeros((count, count + 1))
        np.subtract.at(matrix, (np.arange(count)[:, None], neighbour), weight)
        inverse[:] = np.linalg.inv(matrix[:, :-1] + np.diag(diagonal))
    return Level(y, x, int(((y + x) % 2 == 0).sum()), neighbour, weight, diagonal, parent, inverse)


def _neighbours(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """int32 (N, 4): the indices of the neighbours at `SIDES`, N where there is none."""
    count = len(y)
    index = np.full((y.max(initial=0) + 3, x.max(initial=0) + 3), count, np.int32)
    index[y + 1, x + 1] = np.arange(count, dtype=np.int32)
    return np.stack([index[y + 1 + dy, x + 1 + dx] for dy, dx in SIDES], axis=1)


def _cells(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """y and x of the 2 x 2 cells that hold unknowns, even ones first, and the index of the cell of each unknown."""
    occupied = np.zeros((y.max() // 2 + 1, x.max() // 2 + 1), bool)
    occupied[y // 2, x // 2] = True
    coarse_y, coarse_x = np.nonzero(occupied)
    order = np.argsort((coarse_y + coarse_x) % 2, kind="stable")
    coarse_y, coarse_x = coarse_y[order], coarse_x[order]
    index = np.zeros(occupied.shape, np.int32)
    index[coarse_y, coarse_x] = np.arange(len(coarse_y), dtype=np.int32)
    return coarse_y, coarse_x, index[y // 2, x // 2]


def _coarser(
    fine: Level, y: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The graph of the cells at y, x: links between cells are sums of links; links within a cell are dropped."""
    parents = np.append(fine.parent, -1)
    within = (parents[fine.neighbour] == fine.parent[:, None]) * fine.weight
    between = fine.weight - within
    weight = np.stack([np.bincount(fine.parent, between[:, side], len(y)) for side in range(4)], axis=1)
    diagonal = np.bincount(fine.parent, fine.diagonal - within.sum(1), len(y))
    return y, x, _neighbours(y, x), weight / STIFFNESS, diagonal / STIFFNESS


def _boundary(start: np.ndarray, mask: np.ndarray, level: Level) -> np.ndarray:
    """The sum of the known neighbours of each unknown, (N + 1, C)."""
    known = np.pad(np.where(mask[..., None], 0, start).astype(np.float64), ((1, 1), (1, 1), (0, 0)))
    total = np.zeros((len(level) + 1, start.shape[-1]))
    for dy, dx in SIDES:
        total[:-1] += known[level.y + 1 + dy, level.x + 1 + dx]
    return total


def cycle(levels: list[Level], right: np.ndarray, depth: int = 0) -> np.ndarray:
    """An approximate solution by one W-cycle, symmetric and positive definite, as conjugate gradients require."""
    level = levels[depth]
    result = np.zeros_like(right)
    if depth == len(levels) - 1:
        result[:-1] = level.inverse @ right[:-1]
        return result
    even, count = level.even, len(level)
    _relax(result, right, level.neighbour, level.weight, level.diagonal, 0, even)
    _relax(result, right, level.neighbour, level.weight, level.diagonal, even, count)
    coarse_right = np.zeros((len(levels[depth + 1]) + 1, right.shape[1]))
    _restrict(result, right, level.neighbour, level.weight, level.diagonal, level.parent, coarse_right)
    coarse = cycle(levels, coarse_right, depth + 1)
    if depth + 1 < len(levels) - 1:
        coarse_residual = coarse_right - _product(levels[depth + 1], coarse)
        coarse += cycle(levels, coarse_residual, depth + 1)
    result[:-1] += coarse[level.parent]
    _relax(result, right, level.neighbour, level.weight, level.diagonal, even, count)
    _relax(result, right, level.neighbour, level.weight, level.diagonal, 0, even)
    return result


def _product(level: Level, values: np.ndarray) -> np.ndarray:
    """The product of the matrix, the positive Laplacian, and values."""
    result = np.zeros_like(values)
    _multiply(values, level.neighbour, level.weight, level.diagonal, result)
    return result


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    """The inner product, summed in one fixed order."""
    total = np.zeros(left.shape[1])
    _multiply_sum(left, right, total)
    return float(total.sum())


@kernel
def _relax(values, right, neighbour, weight, diagonal, first, last):  # type: ignore[no-untyped-def]
    """Gauss-Seidel on the unknowns first to last, which are not linked to each other."""
    for i in range(first, last):
        a, b, c, d = neighbour[i, 0], neighbour[i, 1], neighbour[i, 2], neighbour[i, 3]
        for k in range(values.shape[1]):
            total = right[i, k] + weight[i, 0] * values[a, k] + weight[i, 1] * values[b, k]
            values[i, k] = (total + weight[i, 2] * values[c, k] + weight[i, 3] * values[d, k]) / diagonal[i]


@kernel
def _multiply(values, neighbour, weight, diagonal, result):  # type: ignore[no-untyped-def]
    for i in range(len(diagonal)):
        a, b, c, d = neighbour[i, 0], neighbour[i, 1], neighbour[i, 2], neighbour[i, 3]
        for k in range(values.shape[1]):
            total = weight[i, 0] * values[a, k] + weight[i, 1] * values[b, k]
            total += weight[i, 2] * values[c, k] + weight[i, 3] * values[d, k]
            result[i, k] = diagonal[i] * values[i, k] - total


@kernel
def _restrict(values, right, neighbour, weight, diagonal, parent, result):  # type: ignore[no-untyped-def]
    """The residual, summed over each cell of the next coarser level."""
    for i in range(len(diagonal)):
        a, b, c, d = neighbour[i, 0], neighbour[i, 1], neighbour[i, 2], neighbour[i, 3]
        for k in range(values.shape[1]):
            total = right[i, k] + weight[i, 0] * values[a, k] + weight[i, 1] * values[b, k]
            total += weight[i, 2] * values[c, k] + weight[i, 3] * values[d, k]
            result[parent[i], k] += total - diagonal[i] * values[i, k]


@kernel
def _multiply_sum(left, right, total):  # type: ignore[no-untyped-def]
    for i in range(len(left)):
        for k in range(left.shape[1]):
            total[k] += left[i, k] * right[i, k]
