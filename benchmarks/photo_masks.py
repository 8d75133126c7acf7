"""Masks imposed on photos, so that the photo is the truth: RePaint's six masks, boxes, and irregular strokes.

Lugmayr 2022, RePaint, section 5 and figure 4: wide, narrow, super-resolve 2x, alternating lines, half, expand; wide and
narrow are brush strokes as in Suvorov 2022, LaMa, section 2.3. Liu 2018, PConv, section 3.4.2: irregular strokes by the
part of the image that they cover. All are bool (H, W), True = inpaint, and depend on the seed only.
"""

from collections.abc import Callable

import cv2
import numpy as np

Mask = Callable[[int, int, int], np.ndarray]
"""height, width, seed -> bool (height, width)"""


def strokes(height: int, width: int, seed: int, coverage: float, thickness: tuple[float, float]) -> np.ndarray:
    """Brush strokes of several bends, thickness relative to the shorter side, until `coverage` (0..1) is reached."""
    random, side = np.random.default_rng(seed), min(height, width)
    mask = np.zeros((height, width), np.uint8)
    while mask.mean() < coverage:
        before = mask.copy()
        x, y = random.integers(0, width), random.integers(0, height)
        angle = random.uniform(0, 2 * np.pi)
        stroke_width = max(1, round(side * random.uniform(*thickness)))
        for _ in range(random.integers(2, 7)):
            length = side * random.uniform(0.1, 0.35)
            angle += random.uniform(-1.2, 1.2)
            end = round(x + length * np.cos(angle)), round(y + length * np.sin(angle))
            cv2.line(mask, (int(x), int(y)), end, 1, stroke_width)
            x, y = np.clip(end[0], 0, width - 1), np.clip(end[1], 0, height - 1)
            if mask.mean() >= coverage:
                break
        if mask.mean() > 1.3 * coverage:
            mask = before  # the last stroke was much too long
    return mask.astype(bool)


def wide(height: int, width: int, seed: int) -> np.ndarray:
    return strokes(height, width, seed, 0.25, (0.12, 0.22))


def narrow(height: int, width: int, seed: int) -> np.ndarray:
    return strokes(height, width, seed, 0.12, (0.01, 0.03))


def box(height: int, width: int, seed: int) -> np.ndarray:
    """One rectangle with sides of 15 % to 35 % of the shorter side, away from the border."""
    random = np.random.default_rng(seed)
    h, w = (int(random.uniform(0.15, 0.35) * min(height, width)) for _ in range(2))
    y, x = random.integers(height // 16, height * 15 // 16 - h), random.integers(width // 16, width * 15 // 16 - w)
    mask = np.zeros((height, width), bool)
    mask[y : y + h, x : x + w] = True
    return mask


def alternating_lines(height: int, width: int, seed: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[1::2] = True
    return mask


def super_resolve_2x(height: int, width: int, seed: int) -> np.ndarray:
    mask = np.ones((height, width), bool)
    mask[::2, ::2] = False
    return mask


def half(height: int, width: int, seed: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[:, width // 2 :] = True
    return mask


def expand(height: int, width: int, seed: int) -> np.ndarray:
    """Only the middle is known, a quarter of each side: 64 x 64 of 256 x 256."""
    mask = np.ones((height, width), bool)
    top, left = height * 3 // 8, width * 3 // 8
    mask[top : top + height // 4, left : left + width // 4] = False
    return mask


def _irregular(coverage: float) -> Mask:
    return lambda height, width, seed: strokes(height, width, seed, coverage, (0.02, 0.1))


MASKS: dict[str, Mask] = {
    "narrow": narrow,
    "wide": wide,
    "box": box,
    "alternating lines": alternating_lines,
    "super-resolve 2x": super_resolve_2x,
    "half": half,
    "expand": expand,
    **{f"strokes {percent} %": _irregular(percent / 100) for percent in (10, 20, 30, 40, 50)},
}
