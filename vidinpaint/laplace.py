"""Smooth fills: values under a hole from the values around it.

`push_pull` gives a quick smooth guess (Gortler et al. 1996, The Lumigraph, section 3.4.2: pull known values down a
pyramid of averages, push them up into the gaps). `smooth_fill` relaxes every level on the way up towards Laplace's
equation (cascadic multigrid, Bornemann and Deuflhard 1996; successive over-relaxation, Young 1954).
"""

import cv2
import numpy as np
from numba import njit, prange

from vidinpaint.hole_pixels import HolePixels

SWEEPS = (16, 20, 20, 30)
"""Relaxation sweeps from the finest level on: as near to the solution as 100 sweeps on the finest alone."""
OMEGA = 1.6
ROUGH = (4, 6, 10, 20)
"""Sweeps that do where a pixel here or there matters little."""
SMALLEST = 2  # pixels a side at which the pyramid ends


def push_pull(field: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill what is not known of one field by a pyramid of averages.

    field (H, W, C) float32, known (H, W) bool; returns a new (H, W, C) float32, equal to field where known.
    Where nothing at all is known the result is zero.
    """
    return np.asarray(_cascade(field[None], ~known[None], ())[0])


def smooth_fill(fields: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...] = SWEEPS) -> np.ndarray:
    """Laplace's equation on the unknown pixels of every field, near enough for flow.

    fields (T, H, W, C) float32, unknown (T, H, W) bool; returns a new array, equal to fields where known. Neighbours
    outside the picture are left out (Neumann border). Where a field has nothing known the result is zero.
    """
    x, y, width, height = cv2.boundingRect(np.asarray(unknown.any(0), np.uint8))
    rows, columns = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
    filled = fields.copy()
    if width:
        filled[:, rows, columns] = _cascade(fields[:, rows, columns], unknown[:, rows, columns], sweeps)
    return filled


def _cascade(fields: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...]) -> np.ndarray:
    """Down a pyramid of averages of what is known, and up again, relaxing the finest `len(sweeps)` levels."""
    values = np.where(unknown[..., None], np.float32(0), fields)
    levels = [(values, unknown)]
    while min(unknown.shape[1:]) > SMALLEST and unknown.any():
        values, unknown = _halved(values, unknown)
        levels.append((values, unknown))
    coarse, unknown = levels.pop()
    for field, hidden in zip(coarse, unknown):
        if not hidden.all():
            field[hidden] = field[~hidden].mean(0)
    while levels:
        values, unknown = levels.pop()
        for above, field, hidden in zip(coarse, values, unknown):
            if hidden.any():
                field[hidden] = _resized(above, field.shape, cv2.INTER_LINEAR)[hidden]
        coarse = values
        if len(levels) < len(sweeps):
            pixels = HolePixels.of(unknown)
            _relax(coarse, pixels.offsets, pixels.y, pixels.x, sweeps[len(levels)], np.float32(OMEGA))
    return coarse


def _halved(values: np.ndarray, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over 2 x 2 pixels of what is known; unknown where none is."""
    T, H, W, C = values.shape
    half = np.zeros((T, (H + 1) // 2, (W + 1) // 2, C), np.float32)
    hidden = np.empty(half.shape[:3], bool)
    for t in range(T):
        weight = _resized((~unknown[t]).astype(np.float32), half.shape[1:3], cv2.INTER_AREA)
        hidden[t] = weight < 1e-6
        total = _resized(values[t], half.shape[1:], cv2.INTER_AREA)
        np.divide(total, weight[..., None], out=half[t], where=~hidden[t][..., None])
    return half, hidden


def _resized(field: np.ndarray, shape: tuple[int, ...], how: int) -> np.ndarray:
    return cv2.resize(field, (shape[1], shape[0]), interpolation=how).reshape(shape)


@njit(cache=True, nogil=True, parallel=True)
def _relax(fields, offsets, ys, xs, sweeps, omega):  # type: ignore[no-untyped-def]
    """Sweeps to and fro over the listed pixels, frames in parallel; order within a frame is fixed."""
    T, H, W, C = fields.shape
    for t in prange(T):
        field = fields[t]
        for sweep in range(sweeps):
            for entry in range(offsets[t], offsets[t + 1]):
                k = entry if sweep % 2 == 0 else offsets[t] + offsets[t + 1] - 1 - entry
                y, x = ys[k], xs[k]
                up, down, left, right = y > 0, y < H - 1, x > 0, x < W - 1
                neighbours = np.float32(int(up) + int(down) + int(left) + int(right))
                for c in range(C):
                    total = np.float32(0)
                    if up:
                        total += field[y - 1, x, c]
                    if down:
                        total += field[y + 1, x, c]
                    if left:
                        total += field[y, x - 1, c]
                    if right:
                        total += field[y, x + 1, c]
                    field[y, x, c] += omega * (total / neighbours - field[y, x, c])
