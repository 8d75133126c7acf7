"""The motion of a plane seen by a moving camera, fitted to flow around a hole.

    u = p0 + p1 X + p2 Y + p6 X^2 + p7 X Y        v = p3 + p4 X + p5 Y + p6 X Y + p7 Y^2

with X, Y from the picture's centre in units of its width (Adiv 1985, Determining three-dimensional motion and
structure from optical flow, eq. 7). Fitted by iteratively reweighted least squares, weights falling with the distance
to the hole and with the residual, so that the background nearest the hole decides and other motions are left out.
"""

import cv2
import numpy as np
from numba import njit, prange

GRID = 5  # pixels between samples
NEAR = 40.0  # pixels over which the weight falls by e
FAR_WEIGHT = 0.03  # weight that stays far away
STEPS = 8
FEWEST = 16  # samples below which eight parameters mean nothing


def fit_planar(flow: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float64 (P, 8): parameters of each field; all zero where there is too little to fit.

    flow float32 (P, H, W, 2), known bool (P, H, W): where flow may be trusted.
    """
    weight = np.zeros(known[:, GRID // 2 :: GRID, GRID // 2 :: GRID].shape, np.float32)
    for pair in range(len(flow)):
        distance = cv2.distanceTransform(known[pair].astype(np.uint8), cv2.DIST_L2, 3)
        sample = distance[GRID // 2 :: GRID, GRID // 2 :: GRID]
        weight[pair] = np.where(sample > 0, np.exp(-sample / NEAR) + FAR_WEIGHT, 0)
    return np.asarray(_fit(flow, weight))


@njit(cache=True, nogil=True, inline="always")
def _centred(x, y, H, W):  # type: ignore[no-untyped-def]
    return (x - W / 2) / W, (y - H / 2) / W


@njit(cache=True, nogil=True)
def planar_motion(p, x, y, H, W):  # type: ignore[no-untyped-def]
    """(dx, dy) at a pixel."""
    X, Y = _centred(x, y, H, W)
    u = p[0] + p[1] * X + p[2] * Y + p[6] * X * X + p[7] * X * Y
    v = p[3] + p[4] * X + p[5] * Y + p[6] * X * Y + p[7] * Y * Y
    return np.float32(u), np.float32(v)


@njit(cache=True, nogil=True, parallel=True)
def planar_fields(planes, H, W):  # type: ignore[no-untyped-def]
    """float32 (P, H, W, 2): the motion of planes float64 (P, 8) in every pixel."""
    fields = np.empty((len(planes), H, W, 2), np.float32)
    for pair in prange(len(planes)):
        for y in range(H):
            for x in range(W):
                fields[pair, y, x, 0], fields[pair, y, x, 1] = planar_motion(planes[pair], x, y, H, W)
    return fields


@njit(cache=True, nogil=True, parallel=True)
def _fit(flow, base):  # type: ignore[no-untyped-def]
    P, H, W, _ = flow.shape
    _, rows, columns = base.shape
    parameters = np.zeros((P, 8))
    for pair in prange(P):
        count = 0
        for j in range(rows):
            for i in range(columns):
                count += base[pair, j, i] > 0
        if count < FEWEST:
            continue
        weight = base[pair].astype(np.float64)
        residual = np.empty(count)
        for _ in range(STEPS):
            parameters[pair] = _weighted_fit(flow[pair], weight)
            k = 0
            for j in range(rows):
                for i in range(columns):
                    if base[pair, j, i] > 0:
                        y, x = GRID // 2 + j * GRID, GRID // 2 + i * GRID
                        u, v = planar_motion(parameters[pair], x, y, H, W)
                        residual[k] = np.hypot(u - flow[pair, y, x, 0], v - flow[pair, y, x, 1])
                        k += 1
            scale = max(0.25, 1.4826 * np.median(residual))
            k = 0
            for j in range(rows):
                for i in range(columns):
                    if base[pair, j, i] > 0:
                        weight[j, i] = base[pair, j, i] / (1 + (residual[k] / scale) ** 2) ** 2
                        k += 1
    return parameters


@njit(cache=True, nogil=True)
def _weighted_fit(flow, weight):  # type: ignore[no-untyped-def]
    """One weighted least-squares fit by its normal equations."""
    H, W, _ = flow.shape
    normal, right = np.zeros((8, 8)), np.zeros(8)
    across, down = np.zeros(8), np.zeros(8)
    across[0] = down[3] = 1
    for j in range(weight.shape[0]):
        for i in range(weight.shape[1]):
            w = weight[j, i]
            if w <= 0:
                continue
            y, x = GRID // 2 + j * GRID, GRID // 2 + i * GRID
            X, Y = _centred(x, y, H, W)
            across[1], across[2], across[6], across[7] = X, Y, X * X, X * Y
            down[4], down[5], down[6], down[7] = X, Y, X * Y, Y * Y
            u, v = flow[y, x, 0], flow[y, x, 1]
            for a in range(8):
                right[a] += w * (across[a] * u + down[a] * v)
                for b in range(a + 1):
                    normal[a, b] += w * (across[a] * across[b] + down[a] * down[b])
    return _solve(normal, right)


@njit(cache=True, nogil=True)
def _solve(lower, right):  # type: ignore[no-untyped-def]
    """Cholesky solution of a small symmetric system given by its lower triangle, with a trace of damping."""
    n = len(right)
    factor = np.zeros((n, n))
    for a in range(n):
        for b in range(a + 1):
            total = lower[a, b] + (1e-6 if a == b else 0.0)
            for k in range(b):
                total -= factor[a, k] * factor[b, k]
            factor[a, b] = np.sqrt(max(total, 1e-12)) if a == b else total / factor[b, b]
    half, solution = np.zeros(n), np.zeros(n)
    for a in range(n):
        total = right[a]
        for k in range(a):
            total -= factor[a, k] * half[k]
        half[a] = total / factor[a, a]
    for a in range(n - 1, -1, -1):
        total = half[a]
        for k in range(a + 1, n):
            total -= factor[k, a] * solution[k]
        solution[a] = total / factor[a, a]
    return solution
