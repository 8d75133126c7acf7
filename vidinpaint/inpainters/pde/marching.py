"""Marching in time over the pixels of a mask, for explicit schemes of dI/dt = div(D grad I) and similar equations.

Images are flat here, float32 (H * W, 3), and only listed pixels are visited, so the cost depends on the mask and not on
its bounding box. `windows` lists them with their 3 x 3 surroundings. Beyond the border of the image the border pixel is
repeated: differences across the border are zero, and nothing flows there (Neumann).

A step reads only the values from before the step (Jacobi): no direction is preferred, and the result does not depend on
the order of the pixels. With D in [0, 1] steps of up to 1/4 are stable, and no value leaves the range of its neighbours
(Weickert 1998, Anisotropic Diffusion in Image Processing, chapter 4).
"""

from collections.abc import Callable

import cv2
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.numerics.kernels import kernel

MAX_STEP = 0.25  # pixels squared: the largest time step that is stable
STEPS_PER_CHUNK = 16  # between two reports of progress
CONVERGED = 1e-7  # change in a step, colours in [0, 1], below which single precision makes no progress
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def windows(selected: np.ndarray) -> np.ndarray:
    """int32 (N, 9): indices of the 3 x 3 pixels around each True pixel of selected bool (H, W), in reading order.

    [n, 3 * (dy + 1) + dx + 1] is the index of the neighbour at dy, dx in the flat image; [n, 4] the pixel itself.
    """
    height, width = selected.shape
    y, x = np.nonzero(selected)
    rows = np.clip(y[:, None] + (-1, 0, 1), 0, height - 1)
    columns = np.clip(x[:, None] + (-1, 0, 1), 0, width - 1)
    indices = rows[:, :, None] * width + columns[:, None, :]
    return np.asarray(indices.reshape(-1, 9), np.int32)


def with_neighbours(mask: np.ndarray) -> np.ndarray:
    """bool (H, W): the pixels of the mask and their four neighbours each."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), _CROSS) > 0)


def march(advance: Callable[[int], float], iterations: int, converged: float = CONVERGED) -> None:
    """Call advance(steps) until all iterations are done, or its result, the largest change, is below converged."""
    for done in range(0, iterations, STEPS_PER_CHUNK):
        change = advance(min(STEPS_PER_CHUNK, iterations - done))
        report_progress(min(done + STEPS_PER_CHUNK, iterations) / iterations)
        if change < converged:
            break


@kernel
def diffuse(values, around, diffusivity, step, change):  # type: ignore[no-untyped-def]
    """One explicit step of dI/dt = div(D grad I), with the mean of D between two pixels; returns the largest change.

    values float32 (H * W, 3) is changed in place at the pixels of around (`windows`), diffusivity float32 (H * W,),
    change float32 (N, 3) is a buffer.
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


@kernel
def add(values, around, change):  # type: ignore[no-untyped-def]
    """Add change (N, 3) to the pixels of around; returns the largest absolute change."""
    largest = np.float32(0)
    for n in range(len(around)):
        for c in range(3):
            values[around[n, 4], c] += change[n, c]
            largest = max(largest, abs(change[n, c]))
    return largest
