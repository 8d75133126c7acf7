"""Marching in time over the pixels of a mask: dI/dt = div(D grad I), and what every explicit scheme needs for it.

Pictures are flat here, float32 (H * W, 3), and only listed pixels are visited, so the cost is that of the mask and not
of its box. `windows` lists them with their 3 x 3 surroundings. Beyond the border of the picture the border's own
pixel is repeated: differences across the border are zero, nothing flows there (Neumann).

A step reads the old picture only and writes at its end (Jacobi): no direction is preferred, and the result does not
depend on the order of the pixels. With D in [0, 1] steps of up to 1/4 are stable, and no value leaves the range of its
neighbours (Weickert 1998, Anisotropic Diffusion in Image Processing, chapter 4).
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from vidinpaint.core.progress import report_progress

MOST_STABLE = 0.25  # pixels squared: the largest time step
STEPS = 16  # at once, between two looks at the progress
STILL = 1e-7  # change of a step, in units of [0, 1], at which nothing moves any more in single precision


def windows(where: np.ndarray) -> np.ndarray:
    """int32 (N, 9): entries of the 3 x 3 pixels around every True pixel of where (H, W), in reading order.

    Entry [n, 3 * (dy + 1) + dx + 1] is that of the neighbour at dy, dx in the flat picture; [n, 4] the pixel itself.
    """
    height, width = where.shape
    y, x = np.nonzero(where)
    rows = np.clip(y[:, None] + (-1, 0, 1), 0, height - 1)
    columns = np.clip(x[:, None] + (-1, 0, 1), 0, width - 1)
    entries = rows[:, :, None] * width + columns[:, None, :]
    return np.asarray(entries.reshape(-1, 9), np.int32)


def march(advance: Callable[[int], float], iterations: int, still: float = STILL) -> None:
    """Call advance(steps) until all iterations are done, or its result, a step's largest change, is below still."""
    for done in range(0, iterations, STEPS):
        change = advance(min(STEPS, iterations - done))
        report_progress(min(done + STEPS, iterations) / iterations)
        if change < still:
            break


@njit(cache=True, nogil=True)
def diffuse(values, around, diffusivity, step, change):  # type: ignore[no-untyped-def]
    """One explicit step of dI/dt = div(D grad I), D between two pixels their mean; returns the largest change.

    values float32 (H * W, 3) is changed in place at the pixels of around (`windows`), diffusivity float32 (H * W,),
    change float32 (N, 3) is scratch.
    """
    half = np.float32(0.5) * step
    for n in range(len(around)):
        p = around[n, 4]
        red = green = blue = np.float32(0)
        for side in (1, 3, 5, 7):
            q = around[n, side]
            flow = half * (diffusivity[p] + diffusivity[q])
            red += flow * (values[q, 0] - values[p, 0])
            green += flow * (values[q, 1] - values[p, 1])
            blue += flow * (values[q, 2] - values[p, 2])
        change[n, 0], change[n, 1], change[n, 2] = red, green, blue
    return add(values, around, change)


@njit(cache=True, nogil=True)
def add(values, around, change):  # type: ignore[no-untyped-def]
    """Add change (N, 3) to the pixels of around; returns its largest size."""
    largest = np.float32(0)
    for n in range(len(around)):
        for c in range(3):
            values[around[n, 4], c] += change[n, c]
            largest = max(largest, abs(change[n, c]))
    return largest
