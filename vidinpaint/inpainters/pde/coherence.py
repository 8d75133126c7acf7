"""Coherence-enhancing diffusion: dI/dt = div(D grad I), with D along the structures and hardly across, to its end.

The structure tensor J (`structure_tensor`) says which way the picture runs. D has its eigenvectors, and the eigenvalues

    lambda_across = alpha,   lambda_along = alpha + (1 - alpha) exp(-C / kappa)

with the coherence kappa = (mu1 - mu2)^2 / (mu1 + mu2)^2 of J. Weickert's kappa is not divided by the sum: then faint
lines count less than strong ones, and a line that fades in the mask would lose its direction there. Where no direction
is preferred both are alpha, and the fill is that of `harmonic`.

Within a mask there is nothing to take J from at first, so the tensors around are propagated on into it, smoothly. The
diffusion along them is run to its steady state by solving for it (`anisotropic`); then J is taken again, from what was
inpainted, and so on: lines that were vague become straight and sharp. A mask deeper than lines keep their directions in
is done at half the size first.

Source: Weickert 1999, Coherence-Enhancing Diffusion Filtering, equations 16 and 17. Cost: a few solutions with some
dozen iterations each, of about 100 operations a mask pixel. For masks of up to some 20 pixels across lines, stripes,
grain and hair; larger ones get streaks.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.progress import progress_range, report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.pde.anisotropic import equations, solve
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.structure_tensor import directions, known_structure_tensor, structure_tensor
from vidinpaint.inpainters.scales import CoarseToFine, distance_to_known

DEEP = 16.0  # pixels, up to which directions are propagated on at once
TOLERANCE = 1e-4  # of the range: less than half a level of 8 bits after what iterations add up to
ITERATIONS = 1000  # at most; masks that are done at once take some dozen
NO_COHERENCE = 1e-6  # for which nothing flows, whatever the threshold above it


@dataclass(frozen=True)
class Coherence(CoarseToFine):
    """Diffusion along lines: joins what thin and medium masks interrupt."""

    alpha: float = setting(
        0.001, "Diffusivity across structures, relative to that along them; 1 is `harmonic`.", low=0.0001, high=1
    )
    threshold: float = setting(
        2.0, "C: coherence below which a pixel has no direction; higher is smoother.", low=0, high=100
    )
    scale: float = setting(
        2.0, "Standard deviation of the window that directions are measured in.", low=0.5, high=20, unit="pixels"
    )
    rounds: int = setting(3, "Rounds of measuring directions and diffusing along them, at every size.", low=1, high=100)

    def margin(self, height: int, width: int) -> int:
        return 8 + 3 * round(self.scale)

    def at_once(self, mask: np.ndarray) -> bool:
        """See `CoarseToFine`."""
        return bool(distance_to_known(mask).max() <= DEEP)

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        tensor = known_structure_tensor(image, mask, self.scale)
        guess = self._diffused(Harmonic().inpaint(image, mask), mask, tensor)
        return self._rounds(guess, mask, 1)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._rounds(image, mask, 0)

    def _rounds(self, image: np.ndarray, mask: np.ndarray, done: int) -> np.ndarray:
        for turn in range(done, self.rounds):
            with progress_range(turn / self.rounds, (turn + 1) / self.rounds):
                image = self._diffused(image, mask, structure_tensor(image, self.scale))
        return image

    def _diffused(self, guess: np.ndarray, mask: np.ndarray, tensor: np.ndarray) -> np.ndarray:
        """The steady state of diffusion along the directions of tensor (H, W, 3)."""
        result, values = guess.copy(), guess[mask].astype(np.float64)
        system = equations(guess, mask, self._diffusivity(tensor[mask]))
        for share in solve(system, values, TOLERANCE, ITERATIONS):
            report_progress(share)
        result[mask] = values
        return result

    def _diffusivity(self, tensor: np.ndarray) -> np.ndarray:
        """D_xx, D_xy, D_yy (N, 3) from the structure tensors (N, 3)."""
        vectors, coherence = directions(tensor)
        dx, dy = vectors.T.astype(np.float64)
        along = self.alpha + (1 - self.alpha) * np.exp(-self.threshold / np.maximum(coherence, NO_COHERENCE))
        more = along - self.alpha
        return np.stack([self.alpha + more * dx * dx, more * dx * dy, self.alpha + more * dy * dy], axis=1)
