"""The masks of published protocols, and two simple kinds, for square photos: bool (size, size), True = inpaint.

repaint  the six of Lugmayr 2022, RePaint, section 5: wide, narrow, super-resolve-2x, alternating-lines, half, expand.
         Wide and narrow are the thick and thin chains of strokes of LaMa's published settings for 256 pixels (Suvorov
         2022, supplement: random_thick_256 without its boxes, random_thin_256), drawn by `chains` of the masks for
         training; as there, masks of more than half of the image are drawn again. Expand leaves the central quarter of
         each side: 64 x 64 of 256 x 256.
pconv    the ratios of Liu 2018, PConv, section 4.1, by the percentage of the image that is masked, each without and
         with masks that may touch the border ("-border"): `irregular` of the masks for training.
simple   irregular strokes and one box, each over 20 to 40 % of the image.
"""

import zlib
from collections.abc import Callable

import numpy as np
import photo_masks

from vidinpaint.training.data.masks import BUCKETS, chains, irregular

Random = np.random.Generator
Mask = Callable[[Random, int], np.ndarray]
"""random, size -> bool (size, size)"""
MOST = 0.5  # part of the image that wide and narrow masks may cover
COVERAGE = (0.2, 0.4)  # of the simple masks


def wide(random: Random, size: int) -> np.ndarray:
    return _chains(random, size, (1, 5), length=210 / 256, thickness=105 / 256)


def narrow(random: Random, size: int) -> np.ndarray:
    return _chains(random, size, (4, 50), length=50 / 256, thickness=15 / 256)


def box(random: Random, size: int) -> np.ndarray:
    """One rectangle anywhere, up to 1.5 times as long as wide."""
    area, elongation = random.uniform(*COVERAGE) * size**2, random.uniform(1, 1.5)
    sides = np.sqrt([area * elongation, area / elongation])[:: random.choice([1, -1])]
    height, width = (round(side) for side in sides)
    y, x = random.integers(size - height + 1), random.integers(size - width + 1)
    mask = np.zeros((size, size), bool)
    mask[y : y + height, x : x + width] = True
    return mask


def _chains(random: Random, size: int, count: tuple[int, int], length: float, thickness: float) -> np.ndarray:
    while True:
        mask = chains(random, size, size, count, length, thickness)
        if mask.mean() <= MOST:
            return mask


def _fixed(draw: photo_masks.Mask) -> Mask:
    return lambda random, size: draw(size, size, 0)


def _ratio(coverage: tuple[float, float], border: bool) -> Mask:
    return lambda random, size: irregular(random, size, size, coverage, border)


SETS: dict[str, dict[str, Mask]] = {
    "repaint": {
        "wide": wide,
        "narrow": narrow,
        "super-resolve-2x": _fixed(photo_masks.super_resolve_2x),
        "alternating-lines": _fixed(photo_masks.alternating_lines),
        "half": _fixed(photo_masks.half),
        "expand": _fixed(photo_masks.expand),
    },
    "pconv": {
        f"{round(100 * low)}-{round(100 * high)}{suffix}": _ratio((low, high), border)
        for suffix, border in (("", False), ("-border", True))
        for low, high in BUCKETS
    },
    "simple": {"irregular": lambda random, size: irregular(random, size, size, COVERAGE), "box": box},
}
MASKS = {kind: draw for kinds in SETS.values() for kind, draw in kinds.items()}


def mask_of(kind: str, photo: str, size: int, seed: int) -> np.ndarray:
    """The mask of one kind for a photo: the same for every method, and whatever else is measured."""
    random = np.random.default_rng([seed, zlib.crc32(f"{kind} {photo}".encode())])
    return MASKS[kind](random, size)
