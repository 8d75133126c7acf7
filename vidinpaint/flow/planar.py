"""The motion of a plane seen by a moving camera, fitted to the flow around a mask.

    u = p0 + p1 X + p2 Y + p6 X^2 + p7 X Y        v = p3 + p4 X + p5 Y + p6 X Y + p7 Y^2

with X, Y relative to the picture's centre, in units of its width (Adiv 1985, Determining three-dimensional motion and
structure from optical flow, eq. 7). Fitted by iteratively reweighted least squares, weights falling with the distance
to the mask and with the residual, so that the background nearest to the mask decides and other motions do not count.
"""

import cv2
import numpy as np

from vidinpaint.numerics.kernels import inner, kernel, run_in_ranges

GRID = 5  # pixels between samples
NEAR = 40.0  # pixels over which the weight falls by a factor of e
FAR_WEIGHT = 0.03  # weight far from the mask
STEPS = 8  # of reweighting
MIN_SAMPLES = 16  # samples; fewer do not determine eight parameters


def fit_planar(flow: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float64 (P, 8): parameters of each field; all zero where there are too few samples.

    flow float32 (P, H, W, 2), known bool (P, H, W): where flow may be trusted.
    """
    weight = np.zeros(known[:, GRID // 2 :: GRID, GRID // 2 :: GRID].shape, np.float32)
    for pair in range(len(flow)):
        distance = cv2.distanceTransform(known[pair].astype(np.uint8), cv2.DIST_L2, 3)
        sample = distance[GRID // 2 :: GRID, GRID // 2 :: GRID]
        weight[pair] = np.where(sample > 0, np.exp(-sample / NEAR) + FAR_WEIGHT, 0)
    planes = np.zeros((len(flow), 8))
    run_in_ranges(_fit_range, len(flow), flow, weight, planes)
    return planes


def _fit_range(start: int, stop: int, flow: np.ndarray, base: np.ndarray, planes: np.ndarray) -> None:
    """planes (P, 8) of the fields start to stop, by iteratively reweighted least squares."""
    for pair in range(start, stop):
        counts = base[pair] > 0
        if np.count_nonzero(counts) < MIN_SAMPLES:
            continue
        weight = base[pair].astype(np.float64)
        residual = np.zeros_like(weight)
        for _ in range(STEPS):
            normal, right = np.zeros((8, 8)), np.zeros(8)
            _add_up(flow, pair, weight, np.zeros(8), np.zeros(8), normal, right)
            _solve(normal, right, planes[pair])
            _measure(flow, pair, planes, residual)
            scale = max(0.25, 1.4826 * float(np.median(residual[counts])))
            weight = base[pair] / (1 + (residual / scale) ** 2) ** 2


def planar_fields(planes: np.ndarray, H: int, W: int) -> np.ndarray:
    """float32 (P, H, W, 2): the motion of planes float64 (P, 8) in every pixel."""
    fields = np.empty((len(planes), H, W, 2), np.float32)
    run_in_ranges(_write_fields, len(planes), planes, fields)
    return fields


@inner
def planar_motion(planes, pair, x, y, H, W):  # type: ignore[no-untyped-def]
    """(dx, dy) at a pixel, by the parameters planes[pair]."""
    X, Y = (x - W / 2) / W, (y - H / 2) / W
    p6, p7 = planes[pair, 6], planes[pair, 7]
    u = planes[pair, 0] + planes[pair, 1] * X + planes[pair, 2] * Y + p6 * X * X + p7 * X * Y
    v = planes[pair, 3] + planes[pair, 4] * X + planes[pair, 5] * Y + p6 * X * Y + p7 * Y * Y
    return np.float32(u), np.float32(v)


@kernel
def _write_fields(start, stop, planes, fields):  # type: ignore[no-untyped-def]
    _, H, W, _ = fields.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                dx, dy = planar_motion(planes, pair, np.float64(x), np.float64(y), H, W)
                fields[pair, y, x, 0], fields[pair, y, x, 1] = dx, dy


@kernel
def _measure(flow, pair, planes, residual):  # type: ignore[no-untyped-def]
    """residual (h, w): distance in pixels of each sample of one field from its plane."""
    _, H, W, _ = flow.shape
    rows, columns = residual.shape
    for j in range(rows):
        for i in range(columns):
            y, x = GRID // 2 + j * GRID, GRID // 2 + i * GRID
            u, v = planar_motion(planes, pair, np.float64(x), np.float64(y), H, W)
            residual[j, i] = np.hypot(u - flow[pair, y, x, 0], v - flow[pair, y, x, 1])


@kernel
def _add_up(flow, pair, weight, across, down, normal, right):  # type: ignore[no-untyped-def]
    """The normal equations of one weighted least-squares fit: the lower triangle (8, 8), and the right side (8,).

    across, down  float64 (8,), scratch for the factors of the parameters at a pixel; zero at the start
    """
    _, H, W, _ = flow.shape
    across[0] = down[3] = 1
    for j in range(weight.shape[0]):
        for i in range(weight.shape[1]):
            w = weight[j, i]
            if w <= 0:
                continue
            y, x = GRID // 2 + j * GRID, GRID // 2 + i * GRID
            X, Y = (x - W / 2) / W, (y - H / 2) / W
            across[1], across[2], across[6], across[7] = X, Y, X * X, X * Y
            down[4], down[5], down[6], down[7] = X, Y, X * Y, Y * Y
            u, v = flow[pair, y, x, 0], flow[pair, y, x, 1]
            for a in range(8):
                right[a] += w * (across[a] * u + down[a] * v)
                for b in range(a + 1):
                    normal[a, b] += w * (across[a] * across[b] + down[a] * down[b])


@kernel
def _solve(lower, right, solution):  # type: ignore[no-untyped-def]
    """Cholesky solution of a small symmetric system given by its lower triangle, with a trace of damping; in place."""
    n = len(right)
    for a in range(n):
        for b in range(a + 1):
            total = lower[a, b] + (1e-6 if a == b else 0.0)
            for k in range(b):
                total -= lower[a, k] * lower[b, k]
            lower[a, b] = np.sqrt(max(total, 1e-12)) if a == b else total / lower[b, b]
    for a in range(n):
        total = right[a]
        for k in range(a):
            total -= lower[a, k] * right[k]
        right[a] = total / lower[a, a]
    for a in range(n - 1, -1, -1):
        total = right[a]
        for k in range(a + 1, n):
            total -= lower[k, a] * solution[k]
        solution[a] = total / lower[a, a]
