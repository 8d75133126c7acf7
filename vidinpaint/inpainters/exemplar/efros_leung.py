"""Non-parametric sampling: the mask grows shut pixel by pixel, each drawn from the places that look like its own.

A texture is taken for a Markov random field: a pixel depends on its neighbourhood only. For a mask pixel p, the windows
of the picture are compared with what is known around p,

    d(p, q) = sum over o of G(o) |I(p + o) - I(q + o)|^2  /  sum over o of G(o),   o: known offsets around p,

with a Gaussian G of sigma = window / 6.4, and p becomes the centre of any window with d <= (1 + epsilon) min d, all of
them equally likely. Dividing by the weight that is known makes d a mean, which is the same for a dark and a bright
window; dividing by the windows' energies instead, as is sometimes done, would favour bright ones whatever their shape.

Only windows of the original picture are taken from, inside it and free of the mask. Order and draws are part of the
method, and repeatable: `order` is the order, and the n-th pixel of the mask in reading order becomes the candidate
number floor(r(n) * count), in reading order, where r(n) is the n-th number of NumPy's default generator with the seed.
The search is exhaustive (`exhaustive`) and exact, in whole numbers: colours count as floor(255 I + 1/2), weights as
floor(4096 G / sum of G). What is copied is the colour itself.

Source: Efros, Leung 1999, Texture Synthesis by Non-parametric Sampling, sections 2 and 3. Cost: mask pixels times
picture pixels. For textures, stochastic and regular, in small and middle-sized masks; larger masks are inpainted coarse
to fine. A large window keeps structure, a small one is livelier.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.exhaustive import Unfinished, Windows, layers
from vidinpaint.inpainters.exemplar.windowed import OFTEN, WindowInpainter

WINDOW_PER_SIGMA = 6.4


@dataclass(frozen=True)
class EfrosLeung(WindowInpainter):
    """Non-parametric sampling: pixel by pixel from places that look alike, for textures."""

    window: int = setting(11, "Side of the windows that are compared.", low=5, high=25, unit="pixels", odd=True)
    epsilon: float = setting(0.1, "How much worse than the best a candidate may be, as a share.", low=0, high=1)
    seed: int = setting(0, "Seed of the random choice.", low=0, high=1_000_000)

    @property
    def radius(self) -> int:
        """See `WindowInpainter`."""
        return self.window // 2

    def searches(self, mask: np.ndarray) -> float:
        """See `WindowInpainter`."""
        return float(mask.sum())

    def margin(self, height: int, width: int) -> int:
        # near the mask the texture is most likely the same
        return 32 + 2 * self.radius + max(height, width)

    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """See `WindowInpainter`."""
        picture = Unfinished.of(image, mask, radius, gaussian_windows(radius))
        draws = np.random.default_rng(self.seed).random(int(mask.sum()))
        number = np.cumsum(mask).reshape(mask.shape) - 1
        places = order(mask, radius)
        for n, (y, x) in enumerate(places.tolist()):
            v, u = picture.match(y, x, slack=self.epsilon, draw=draws[number[y, x]])
            picture.copy(y, x, v, u, radius=0)
            if n % OFTEN == 0:
                report_progress(n / len(places))
        return picture.source


def gaussian_windows(radius: int) -> Windows:
    """Windows of this radius, weighted as the method asks."""
    return Windows.of(radius, (2 * radius + 1) / WINDOW_PER_SIGMA)


def order(mask: np.ndarray, radius: int) -> np.ndarray:
    """int (N, 2): the mask's pixels (y, x) in the order in which they are inpainted.

    In passes: a pass takes the pixels next to what is known, also diagonally; first those with the most known pixels in
    their window at the beginning of the pass, in reading order if equal.
    """
    turn = layers(mask)
    side = (2 * radius + 1, 2 * radius + 1)
    places = []
    for now in range(1, turn.max() + 1):
        known = cv2.boxFilter(
            (turn < now).astype(np.float32), -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        ring = np.argwhere(turn == now)
        places.append(ring[np.argsort(-known[ring[:, 0], ring[:, 1]], kind="stable")])
    return np.concatenate(places)
