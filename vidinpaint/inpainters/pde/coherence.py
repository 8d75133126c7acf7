"""Coherence-enhancing diffusion: the steady state of dI/dt = div(D grad I), with D along lines and hardly across.

The structure tensor J (`structure_tensor`) gives the direction of the lines. D has its eigenvectors and the eigenvalues

    lambda_across = alpha,   lambda_along = alpha + (1 - alpha) exp(-C / kappa)

with the coherence kappa = (mu1 - mu2)^2 / (mu1 + mu2)^2 of J. Weickert's kappa is not divided by the sum: then faint
lines count less than strong ones, and a line that fades in the mask would lose its direction there. Where no direction
is preferred, both are alpha, and the result is that of `harmonic`.

Within a mask J is unknown at first, so the tensors of the surroundings are smoothly extended into it. The steady state
of the diffusion along them is solved for directly (`anisotropic`); then J is measured again in the result, and so on:
blurred lines become straight and sharp. A mask that is too deep for extended directions is inpainted at half the size
first.

When to use: masks of up to about 20 pixels across lines, stripes, grain and hair; larger ones get streaks. Cost: a few
solutions with some dozen iterations each, of about 100 operations per mask pixel. Source: Weickert 1999,
Coherence-Enhancing Diffusion Filtering, equations 16 and 17.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.progress import progress_range, report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.anisotropic import equations, solve
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.structure_tensor import directions, known_structure_tensor, structure_tensor
from vidinpaint.inpainters.scales import CoarseToFine

TOLERANCE = 1e-4  # of colours in [0, 1]: the errors of all iterations add up to less than half a level of 8 bits
MAX_ITERATIONS = 1000  # some dozen are usual
MIN_COHERENCE = 1e-6  # at which there is no diffusion along lines, whatever the threshold


@dataclass(frozen=True)
class Coherence(CoarseToFine):
    """Diffusion along lines: joins lines and stripes across thin and medium masks."""

    max_depth: ClassVar[float] = 16.0

    alpha: float = setting(
        0.001, "Diffusivity across structures, relative to that along them; 1 is `harmonic`.", low=0.0001, high=1
    )
    threshold: float = setting(
        2.0, "C: coherence below which a pixel has no direction; higher values are smoother.", low=0, high=100
    )
    scale: float = setting(
        2.0, "Standard deviation of the window that directions are measured in.", low=0.5, high=20, unit="pixels"
    )
    rounds: int = setting(3, "Rounds of measuring directions and diffusing along them, at each size.", low=1, high=100)

    def margin(self, height: int, width: int) -> int:
        return 8 + 3 * round(self.scale)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        tensor = known_structure_tensor(image, mask, self.scale)
        guess = self._diffused(Harmonic().inpaint(image, mask), mask, tensor)
        return self._rounds(guess, mask, 1)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._rounds(image, mask, 0)

    def _rounds(self, image: np.ndarray, mask: np.ndarray, done: int) -> np.ndarray:
        for count in range(done, self.rounds):
            with progress_range(count / self.rounds, (count + 1) / self.rounds):
                image = self._diffused(image, mask, structure_tensor(image, self.scale))
        return image

    def _diffused(self, guess: np.ndarray, mask: np.ndarray, tensor: np.ndarray) -> np.ndarray:
        """The steady state of diffusion along the directions of tensor (H, W, 3)."""
        result, values = guess.copy(), guess[mask].astype(np.float64)
        system = equations(guess, mask, self._diffusivity(tensor[mask]))
        for share in solve(system, values, TOLERANCE, MAX_ITERATIONS):
            report_progress(share)
        result[mask] = values
        return result

    def _diffusivity(self, tensor: np.ndarray) -> np.ndarray:
        """D_xx, D_xy, D_yy (N, 3) from the structure tensors (N, 3)."""
        vectors, coherence = directions(tensor)
        dx, dy = vectors.T.astype(np.float64)
        along = self.alpha + (1 - self.alpha) * np.exp(-self.threshold / np.maximum(coherence, MIN_COHERENCE))
        excess = along - self.alpha
        return np.stack([self.alpha + excess * dx * dx, excess * dx * dy, self.alpha + excess * dy * dy], axis=1)
