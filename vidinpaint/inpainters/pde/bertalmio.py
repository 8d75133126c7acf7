"""Bertalmio et al.'s transport: the Laplacian is propagated into the mask along lines of equal grey (isophotes).

    dI/dt = beta |grad I|,   beta = grad L . N,   L the Laplacian of I,   N the direction of the isophotes

As a restorer does by hand, it extends the lines that arrive at the mask; the change of L along them determines how the
grey between them changes. |grad I| is taken upwind and slope-limited: only from differences to the side from which,
according to the sign of beta, the grey comes. Steps of transport alternate with steps of anisotropic diffusion, which
smooths along N, keeps lines from crossing, and without which the transport would not converge:

    dI/dt = I_NN = kappa |grad I|,   kappa the curvature of the isophotes

The paper takes N from the gradient at the single pixel. In a mask that starts smooth, those isophotes end at the border
or turn back, and no line crosses the mask. Here N is the coherence direction of the structure tensor
(`structure_tensor`): at first that of the surroundings, extended into the mask, later that of the inpainted pixels; the
gradient only decides between its two orientations. Where the tensor has no clear direction, the diffusion is isotropic,
as lines without support in the surroundings would be streaks. All colours share N and are otherwise independent.

As in the paper, a mask starts at a small size, where it is narrow, and a round has 15 steps of transport, of 0.1 each
for colours in [0, 1]. There is more diffusion than in the paper: without it, gaps of ten pixels do not close.

When to use: thin masks, up to about 10 pixels across lines. Cost: mask pixels times rounds times the steps of a round;
the slowest of the methods in this package. Source: Bertalmio, Sapiro, Caselles, Ballester 2000, Image Inpainting,
section 3.2, equations 5 to 11.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.marching import MAX_STEP, march, windows, with_neighbours
from vidinpaint.inpainters.pde.structure_tensor import directions, known_structure_tensor, structure_tensor
from vidinpaint.inpainters.scales import CoarseToFine
from vidinpaint.numerics.kernels import inner, kernel

SCALE = 1.5  # pixels, standard deviation of the window in which directions are measured
DIFFUSION_STEP = np.float32(0.2)  # pixels squared, below the limit of stability
MIN_COHERENCE = np.float32(0.3)  # above which there is no diffusion across the lines
CONVERGED = 5e-4  # change in a round, colours in [0, 1], below which the solver stops


class _Isophotes(NamedTuple):
    """Of the N mask pixels: direction float32 (N, 2), unit vectors (dx, dy); across float32 (N,), diffusivity."""

    direction: np.ndarray
    across: np.ndarray


class _Steps(NamedTuple):
    """Rounds, the steps of transport and of diffusion in each, and the time step of transport."""

    rounds: int
    transport: int
    diffusion: int
    step: np.float32


@dataclass(frozen=True)
class Bertalmio(CoarseToFine):
    """Transport along isophotes (Bertalmio 2000): extends lines across thin masks."""

    max_depth: ClassVar[float] = 4.0

    rounds: int = setting(96, "Largest number of rounds of transport and diffusion at each size.", low=1, high=100_000)
    transport: int = setting(15, "Steps of transport per round.", low=0, high=1000)
    diffusion: int = setting(5, "Steps of diffusion per round.", low=1, high=1000)
    step: float = setting(
        0.1, "Time step of the transport, in pixels cubed, for colours in [0, 1].", low=0.001, high=MAX_STEP
    )

    def margin(self, height: int, width: int) -> int:
        return 8

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._inpainted(Harmonic().inpaint(image, mask), mask, known_structure_tensor(image, mask, SCALE))

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._inpainted(image, mask, structure_tensor(image, SCALE))

    def _inpainted(self, guess: np.ndarray, mask: np.ndarray, tensor: np.ndarray) -> np.ndarray:
        """Rounds from a guess, along the directions of tensor (H, W, 3), which is measured again during the rounds."""
        result = guess.copy()
        values = result.reshape(-1, 3)
        around, ring = windows(mask), windows(with_neighbours(mask))
        laplacian = np.zeros_like(values)

        def advance(rounds: int) -> float:
            nonlocal tensor
            direction, coherence = directions(tensor[mask])
            isophotes = _Isophotes(direction, np.maximum(1 - coherence / MIN_COHERENCE, 0) ** 2)
            steps = _Steps(rounds, self.transport, self.diffusion, np.float32(self.step))
            change = _advance(values, around, ring, laplacian, isophotes, steps)
            tensor = structure_tensor(result, SCALE)
            return float(change)

        march(advance, self.rounds, CONVERGED)
        return result


@kernel
def _advance(values, around, ring, laplacian, isophotes, steps):  # type: ignore[no-untyped-def]
    """Rounds of transport and diffusion; returns the largest change of the last one.

    values, laplacian float32 (H * W, 3); around, ring: windows of the mask pixels, and of those and their neighbours.
    """
    direction, across = isophotes
    change = np.empty((len(around), 3), np.float32)
    before = np.empty((len(around), 3), np.float32)
    for _ in range(steps.rounds):
        for n in range(len(around)):
            before[n] = values[around[n, 4]]
        for _ in range(steps.transport):
            _set_laplacian(values, ring, laplacian)
            _transport(values, around, laplacian, direction, steps.step, change)
        for _ in range(steps.diffusion):
            _diffuse(values, around, direction, across, change)
    largest = np.float32(0)
    for n in range(len(around)):
        for c in range(3):
            largest = max(largest, abs(values[around[n, 4], c] - before[n, c]))
    return largest


@kernel
def _set_laplacian(values, ring, laplacian):  # type: ignore[no-untyped-def]
    for n in range(len(ring)):
        w = ring[n]
        for c in range(3):
            around = values[w[1], c] + values[w[3], c] + values[w[5], c] + values[w[7], c]
            laplacian[w[4], c] = around - 4 * values[w[4], c]


@kernel
def _transport(values, around, laplacian, direction, step, change):  # type: ignore[no-untyped-def]
    """One step of dI/dt = (grad L . N) |grad I|."""
    zero = np.float32(0)
    for n in range(len(around)):
        w = around[n]
        left, right, up, down = w[3], w[5], w[1], w[7]
        for c in range(3):
            centre = values[w[4], c]
            backward_x, forward_x = centre - values[left, c], values[right, c] - centre
            backward_y, forward_y = centre - values[up, c], values[down, c] - centre
            # N is the gradient rotated by a right angle: it selects one of the two orientations of the line
            rotated = direction[n, 1] * (backward_x + forward_x) - direction[n, 0] * (backward_y + forward_y)
            sign = np.float32(0.5) if rotated >= 0 else np.float32(-0.5)
            along_x = laplacian[right, c] - laplacian[left, c]
            along_y = laplacian[down, c] - laplacian[up, c]
            beta = sign * (along_x * direction[n, 0] + along_y * direction[n, 1])
            if beta > 0:
                square = min(backward_x, zero) ** 2 + max(forward_x, zero) ** 2
                square += min(backward_y, zero) ** 2 + max(forward_y, zero) ** 2
            else:
                square = max(backward_x, zero) ** 2 + min(forward_x, zero) ** 2
                square += max(backward_y, zero) ** 2 + min(forward_y, zero) ** 2
            change[n, c] = step * beta * np.sqrt(square)
    _add(values, around, change)


@inner
def _diffuse(values, around, direction, across, change):  # type: ignore[no-untyped-def]
    """One step of dI/dt = I_NN + across I_MM, the second derivatives along N and at right angles to it."""
    for n in range(len(around)):
        w, dx, dy = around[n], direction[n, 0], direction[n, 1]
        for c in range(3):
            twice = 2 * values[w[4], c]
            xx, yy = values[w[3], c] + values[w[5], c] - twice, values[w[1], c] + values[w[7], c] - twice
            xy = values[w[0], c] + values[w[8], c] - values[w[2], c] - values[w[6], c]
            along = xx * dx * dx + xy * dx * dy / 2 + yy * dy * dy
            change[n, c] = DIFFUSION_STEP * (along + across[n] * (xx + yy - along))
    _add(values, around, change)


@inner
def _add(values, around, change):  # type: ignore[no-untyped-def]
    """Add change (N, 3) to the pixels of around, clipped to [0, 1], as transport may overshoot."""
    for n in range(len(around)):
        for c in range(3):
            values[around[n, 4], c] = min(max(values[around[n, 4], c] + change[n, c], np.float32(0)), np.float32(1))
