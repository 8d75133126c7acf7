"""Exemplar-based inpainting: patches are copied in an order that continues edges first.

The front consists of the mask pixels next to known pixels. Each step takes the pixel p of the front with the highest
priority

    P(p) = C(p) (D(p) + BASE),    C(p) = mean of C over the patch, 0 where unknown,    D(p) = |g(p) x n(p)|

C is the confidence, 1 where the image was known; n is the normal of the front, so that D is large where an edge runs
into the mask; g is the steepest gradient of grey, in [0, 1] per pixel, of the known pixels in the middle of the patch.
The known part of the patch around p is compared with every clean patch of the original image; the unknown part is
copied from the best one and gets the confidence C(p).

Three things differ from the paper, each because it improves photographs. With P = C D any faint edge comes before
everything else and grows into a streak; with BASE, confidence decides where edges are faint. The distance of a patch, a
mean squared difference, grows by DISTANCE_PENALTY per pixel of displacement, as textures change across an image. Where
regions copied from different places meet, their colours are mixed (`detail`), which hides the seams.

When to use: removed objects in front of structured backgrounds. Cost: mask pixels / (patch_size^2 / 3) times image
pixels, a few nanoseconds each (`exhaustive`); larger masks are inpainted coarse to fine. Source: Criminisi, Perez,
Toyama 2004, Region Filling and Object Removal by Exemplar-Based Image Inpainting, section III.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.detail import mixed
from vidinpaint.inpainters.exemplar.exhaustive import PartialImage, Windows
from vidinpaint.inpainters.exemplar.windowed import REPORT_INTERVAL, WindowInpainter
from vidinpaint.numerics.kernels import inner, kernel

BASE = 0.12  # added to the data term, in the units of gradients
DISTANCE_PENALTY = 5  # squared 8-bit levels, summed over the channels, per pixel of displacement down or across


@dataclass(frozen=True)
class Criminisi(WindowInpainter):
    """Exemplar-based patches (Criminisi 2004), edges first: for objects in front of structure."""

    patch_size: int = setting(
        9,
        "Side of a patch; a little more than the largest detail of the texture.",
        low=3,
        high=51,
        unit="pixels",
        odd=True,
    )

    @property
    def radius(self) -> int:
        """See `WindowInpainter`."""
        return self.patch_size // 2

    def searches(self, mask: np.ndarray) -> float:
        """See `WindowInpainter`."""
        return 3 * float(mask.sum()) / self.patch_size**2

    def margin(self, height: int, width: int) -> int:
        return 64 + max(height, width)

    def sources(self, image: np.ndarray, mask: np.ndarray, radius: int) -> np.ndarray:
        """See `WindowInpainter`."""
        return synthesise_in_order(image, mask, radius)[0]

    def compose(self, image: np.ndarray, source: np.ndarray) -> np.ndarray:
        """See `WindowInpainter`."""
        return mixed(image, source, self.radius)


def synthesise_in_order(image: np.ndarray, mask: np.ndarray, radius: int) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Sources int32 (H, W) for a mask bool (H, W), True = inpaint, and the centres (y, x) of all patches in order."""
    canvas = PartialImage.of(image, mask, radius, Windows.of(radius))
    confidence = canvas.known.astype(np.float64)
    gradient = np.zeros((*mask.shape, 2), np.float64)
    priority = np.full(mask.shape, -1.0)
    centres: list[tuple[int, int]] = []
    y, x, reach, remaining = 0, 0, max(mask.shape), int(mask.sum())
    while True:
        _gradients(canvas.levels, canvas.known, gradient, y, x, reach)
        _prioritise(canvas.known, confidence, gradient, priority, radius, y, x, reach + radius)
        y, x = divmod(int(priority.argmax()), mask.shape[1])
        if priority[y, x] < 0:
            return canvas.source, centres
        window = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
        unknown = ~canvas.known[window]
        patch_confidence = float(confidence[window].mean())
        v, u = canvas.match(y, x, distance_penalty=DISTANCE_PENALTY)
        canvas.copy(y, x, v, u, radius)
        confidence[window][unknown] = patch_confidence
        centres.append((y, x))
        # gradients change one pixel beyond the patch that was copied
        reach = radius + 1
        remaining -= int(unknown.sum())
        if len(centres) % REPORT_INTERVAL == 0:
            report_progress(1 - remaining / mask.sum())


@kernel
def _gradients(levels, known, gradient, y, x, reach):  # type: ignore[no-untyped-def]
    """Gradients of grey, in [0, 1] per pixel, of all pixels at most reach from (y, x): the mean of the differences with
    known neighbours, down and across; 0 where there are none."""
    height, width = known.shape
    for j in range(max(0, y - reach), min(height, y + reach + 1)):
        for i in range(max(0, x - reach), min(width, x + reach + 1)):
            for axis in range(2):
                total, count = 0.0, 0
                for side in (-1, 1):
                    v, u = (j + side, i) if axis == 0 else (j, i + side)
                    if known[j, i] and 0 <= v < height and 0 <= u < width and known[v, u]:
                        for c in range(3):
                            total += side * (np.float64(levels[c, v, u]) - np.float64(levels[c, j, i]))
                        count += 1
                gradient[j, i, axis] = total / (3 * 255 * max(1, count))


@kernel
def _prioritise(known, confidence, gradient, priority, radius, y, x, reach):  # type: ignore[no-untyped-def]
    """Priorities of all pixels at most reach from (y, x); -1 outside of the front."""
    height, width = known.shape
    for j in range(max(0, y - reach), min(height, y + reach + 1)):
        for i in range(max(0, x - reach), min(width, x + reach + 1)):
            priority[j, i] = -1.0
            if not known[j, i] and _next_to_known(known, j, i):
                down, across = _steepest(gradient, radius, j, i)
                normal_y, normal_x = _normal(known, j, i)
                data = abs(down * normal_x - across * normal_y)
                priority[j, i] = _mean(confidence, radius, j, i) * (data + BASE)


@inner
def _next_to_known(known, y, x):  # type: ignore[no-untyped-def]
    height, width = known.shape
    return (
        (y > 0 and known[y - 1, x])
        or (x > 0 and known[y, x - 1])
        or (y + 1 < height and known[y + 1, x])
        or (x + 1 < width and known[y, x + 1])
    )


@kernel
def _mean(confidence, radius, y, x):  # type: ignore[no-untyped-def]
    """The mean confidence of the patch around (y, x)."""
    height, width = confidence.shape
    total, count = 0.0, 0
    for j in range(max(0, y - radius), min(height, y + radius + 1)):
        for i in range(max(0, x - radius), min(width, x + radius + 1)):
            total += confidence[j, i]
            count += 1
    return total / count


@inner
def _steepest(gradient, radius, y, x):  # type: ignore[no-untyped-def]
    """The largest gradient in the middle of the patch around (y, x)."""
    height, width = gradient.shape[:2]
    middle = max(1, radius // 2)
    largest, down, across = 0.0, 0.0, 0.0
    for j in range(max(0, y - middle), min(height, y + middle + 1)):
        for i in range(max(0, x - middle), min(width, x + middle + 1)):
            square = gradient[j, i, 0] ** 2 + gradient[j, i, 1] ** 2
            if square > largest:
                largest, down, across = square, gradient[j, i, 0], gradient[j, i, 1]
    return down, across


@inner
def _normal(known, y, x):  # type: ignore[no-untyped-def]
    """Unit vector (down, across) towards the known pixels (Sobel's differences); (0, 0) if they lie on all sides."""
    height, width = known.shape
    down, across = 0.0, 0.0
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            if known[min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)]:
                down += dy * (2 - abs(dx))
                across += dx * (2 - abs(dy))
    length = np.sqrt(down**2 + across**2)
    return (down / length, across / length) if length > 0 else (0.0, 0.0)
