"""Smooth interpolation: values under a mask from the values around it.

`push_pull` gives a quick smooth guess (Gortler et al. 1996, The Lumigraph, section 3.4.2: pull known values down a
pyramid of averages, push them up into the gaps). `smooth_interpolation` relaxes every level on the way up towards
Laplace's equation (cascadic multigrid, Bornemann and Deuflhard 1996; successive over-relaxation, Young 1954).
"""

import cv2
import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges

SWEEPS = (16, 20, 20, 30)
"""Relaxation sweeps from the finest level on: as near to the solution as 100 sweeps on the finest alone."""
OMEGA = np.float32(1.6)  # of successive over-relaxation
ROUGH = (4, 6, 10, 20)
"""Fewer sweeps, for results of which single pixels matter little."""
MIN_SIDE = 2  # pixels: the pyramid ends at a field with a side of this length
AROUND = 2  # known pixels around the unknown ones that are read


def push_pull(field: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Interpolate the unknown pixels of one field by a pyramid of averages.

    field (H, W, C) float32, known (H, W) bool; returns a new (H, W, C) float32, equal to field where known.
    The result is zero if nothing is known.
    """
    values = np.array(field, np.float32, order="C")
    _interpolate_one(values, np.ascontiguousarray(~known), ())
    return values


def smooth_interpolation(fields: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...] = SWEEPS) -> np.ndarray:
    """Solve Laplace's equation on the unknown pixels of every field, approximately: by default to 3e-4 of their range.

    fields (T, H, W, C) float32, unknown (T, H, W) bool; returns a new array, equal to fields where known. Neighbours
    outside the picture are left out (Neumann border). A field of which nothing is known becomes zero.
    sweeps: relaxation sweeps per level, from the finest on; `ROUGH` is quicker. Default: `SWEEPS`
    """
    values = np.array(fields, np.float32, order="C")
    run_in_ranges(_interpolate_range, len(values), values, np.ascontiguousarray(unknown), sweeps)
    return values


def _interpolate_range(start: int, stop: int, values: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...]) -> None:
    for t in range(start, stop):
        _interpolate_one(values[t], unknown[t], sweeps)


def _interpolate_one(values: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...]) -> None:
    """Interpolate a field in place, inside the bounding box of its unknown pixels."""
    left, top, width, height = cv2.boundingRect(unknown.view(np.uint8))
    if width > 0:
        rows = slice(max(0, top - AROUND), top + height + AROUND)
        columns = slice(max(0, left - AROUND), left + width + AROUND)
        values[rows, columns] = _cascade(values[rows, columns].copy(), unknown[rows, columns].copy(), sweeps)


def _cascade(values: np.ndarray, unknown: np.ndarray, sweeps: tuple[int, ...]) -> np.ndarray:
    """Down a pyramid of averages of what is known, and up again, relaxing the finest `len(sweeps)` levels."""
    fields, hidden = [values], [unknown]
    while min(hidden[-1].shape) > MIN_SIDE and hidden[-1].any():
        half, half_hidden = _downscaled(fields[-1], hidden[-1])
        fields.append(half)
        hidden.append(half_hidden)
    _interpolate_by_mean(fields[-1], hidden[-1])
    for level in range(len(fields) - 2, -1, -1):
        _enlarge_into(fields[level], hidden[level], fields[level + 1])
        if level < len(sweeps):
            y, x = (np.ascontiguousarray(axis) for axis in np.nonzero(hidden[level]))
            _relax(fields[level], y, x, sweeps[level])
    return fields[0]


def _downscaled(values: np.ndarray, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over the known pixels of each 2 x 2 block, and bool (h, w): blocks without a known pixel."""
    H, W, C = values.shape
    half = np.zeros(((H + 1) // 2, (W + 1) // 2, C), np.float32)
    hidden = np.empty(half.shape[:2], bool)
    _halve(values, unknown, half, hidden)
    return half, hidden


def _interpolate_by_mean(field: np.ndarray, hidden: np.ndarray) -> None:
    """Set the hidden pixels of the smallest field to the mean of the others, or to zero if there are none."""
    known = field[~hidden]
    total = np.cumsum(known, axis=0)[-1] if len(known) else np.float32(0)  # in reading order, on every machine
    field[hidden] = total / np.float32(max(len(known), 1))


@kernel
def _halve(values, unknown, half, hidden):  # type: ignore[no-untyped-def]
    H, W, C = values.shape
    for j in range(half.shape[0]):
        for i in range(half.shape[1]):
            count = 0
            for y in range(2 * j, min(2 * j + 2, H)):
                for x in range(2 * i, min(2 * i + 2, W)):
                    if not unknown[y, x]:
                        count += 1
                        for c in range(C):
                            half[j, i, c] += values[y, x, c]
            hidden[j, i] = count == 0
            for c in range(C):
                half[j, i, c] /= np.float32(max(count, 1))


@kernel
def _enlarge_into(field, hidden, half):  # type: ignore[no-untyped-def]
    """Set the hidden pixels by bilinear interpolation of a field of half the size."""
    H, W, C = field.shape
    last_row, last_column = half.shape[0] - 1, half.shape[1] - 1
    near, far = np.float32(0.75), np.float32(0.25)
    for y in range(H):
        j = y // 2
        other_j = min(max(j + (1 if y % 2 else -1), 0), last_row)
        for x in range(W):
            if hidden[y, x]:
                i = x // 2
                other_i = min(max(i + (1 if x % 2 else -1), 0), last_column)
                for c in range(C):
                    upper = near * half[j, i, c] + far * half[j, other_i, c]
                    lower = near * half[other_j, i, c] + far * half[other_j, other_i, c]
                    field[y, x, c] = near * upper + far * lower


@kernel
def _relax(field, ys, xs, sweeps):  # type: ignore[no-untyped-def]
    """Relax the pixels at ys, xs, in alternating order."""
    H, W, C = field.shape
    count = len(ys)
    quarter = np.float32(0.25)
    for sweep in range(sweeps):
        for entry in range(count):
            k = entry if sweep % 2 == 0 else count - 1 - entry
            y, x = ys[k], xs[k]
            if 0 < y < H - 1 and 0 < x < W - 1:
                for c in range(C):
                    total = field[y - 1, x, c] + field[y + 1, x, c] + field[y, x - 1, c] + field[y, x + 1, c]
                    field[y, x, c] += OMEGA * (quarter * total - field[y, x, c])
                continue
            for c in range(C):
                total, neighbours = np.float32(0), np.float32(0)
                if y > 0:
                    total, neighbours = total + field[y - 1, x, c], neighbours + np.float32(1)
                if y < H - 1:
                    total, neighbours = total + field[y + 1, x, c], neighbours + np.float32(1)
                if x > 0:
                    total, neighbours = total + field[y, x - 1, c], neighbours + np.float32(1)
                if x < W - 1:
                    total, neighbours = total + field[y, x + 1, c], neighbours + np.float32(1)
                field[y, x, c] += OMEGA * (total / max(neighbours, np.float32(1)) - field[y, x, c])
