"""Non-parametric sampling: each pixel is drawn at random from pixels with a similar neighbourhood.

A texture is modelled as a Markov random field: a pixel depends on its neighbourhood only. For a mask pixel p, the
windows of the image are compared with the known pixels around p,

    d(p, q) = sum over o of G(o) |I(p + o) - I(q + o)|^2  /  sum over o of G(o),   o: known offsets around p,

with a Gaussian G of sigma = window / 6.4, and p becomes the centre of any window with d <= (1 + epsilon) min d, all of
them equally likely. Dividing by the known weight makes d a mean, which treats dark and bright windows alike; dividing
by the energies of the windows instead, as is sometimes done, would favour bright ones whatever their content.

Sources are windows of the original image, inside it and free of the mask. Order and random numbers are part of the
method, and repeatable: `inpainting_order` is the order, and the n-th pixel of the mask in reading order becomes
candidate floor(r(n) * count), in reading order, where r(n) is the n-th number of NumPy's default generator with the
seed. The search is exhaustive (`exhaustive`) and exact, in whole numbers: colours count as floor(255 I + 1/2), weights
as floor(4096 G / sum of G). The colour itself is copied.

When to use: textures, stochastic and regular, in small and medium masks; larger masks are inpainted coarse to fine. A
large window keeps structure, a small one gives more variety. Cost: mask pixels times image pixels. Source: Efros, Leung
1999, Texture Synthesis by Non-parametric Sampling, sections 2 and 3.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.exhaustive import PartialImage, Windows, layers
from vidinpaint.inpainters.exemplar.windowed import REPORT_INTERVAL, WindowInpainter

WINDOW_PER_SIGMA = 6.4


@dataclass(frozen=True)
class EfrosLeung(WindowInpainter):
    """Non-parametric sampling (Efros, Leung 1999): pixel by pixel from similar places, for textures."""

    window: int = setting(11, "Side of the windows that are compared.", low=5, high=25, unit="pixels", odd=True)
    epsilon: float = setting(0.1, "Excess of a candidate's distance over the smallest one, as a share.", low=0, high=1)
    seed: int = setting(0, "Seed of the random choice.", low=0, high=1_000_000)

    @property
    def radius(self) -> int:
        """See `WindowInpainter`."""
        return self.window // 2

    def searches(self, mask: np.ndarray) -> float:
        """See `WindowInpainter`."""
        return float(mask.sum())

    def margin(self, height: int, width: int) -> int:
        # the texture is most likely the same near the mask
        return 32 + 2 * self.radius + max(height, width)

    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """See `WindowInpainter`."""
        canvas = PartialImage.of(image, mask, radius, gaussian_windows(radius))
        random = np.random.default_rng(self.seed).random(int(mask.sum()))
        index = np.cumsum(mask).reshape(mask.shape) - 1
        positions = inpainting_order(mask, radius)
        for n, (y, x) in enumerate(positions.tolist()):
            v, u = canvas.match(y, x, tolerance=self.epsilon, random=random[index[y, x]])
            canvas.copy(y, x, v, u, radius=0)
            if n % REPORT_INTERVAL == 0:
                report_progress(n / len(positions))
        return canvas.source


def gaussian_windows(radius: int) -> Windows:
    """Windows of a radius in pixels with the Gaussian weights of the method."""
    return Windows.of(radius, (2 * radius + 1) / WINDOW_PER_SIGMA)


def inpainting_order(mask: np.ndarray, radius: int) -> np.ndarray:
    """int (N, 2): the mask pixels (y, x) in the order in which they are inpainted.

    A pass takes the pixels next to known ones, also diagonally; first those with the most known pixels in their window
    at the beginning of the pass, in reading order if equal.
    """
    layer = layers(mask)
    side = (2 * radius + 1, 2 * radius + 1)
    positions = []
    for number in range(1, layer.max() + 1):
        known = (layer < number).astype(np.float32)
        count = cv2.boxFilter(known, -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT)
        ring = np.argwhere(layer == number)
        positions.append(ring[np.argsort(-count[ring[:, 0], ring[:, 1]], kind="stable")])
    return np.concatenate(positions)
