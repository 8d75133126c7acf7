"""Lines that a mask interrupts, and how much of one is left in the middle of it."""

import numpy as np

SIZE = 80
BRIGHT, DARK = 0.9, 0.1


def line(angle: float, width: float = 3) -> tuple[np.ndarray, np.ndarray]:
    """float32 (SIZE, SIZE, 3): a dark line through the middle, angle in degrees; and each pixel's distance to it."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    away = np.abs(y * np.cos(np.deg2rad(angle)) - x * np.sin(np.deg2rad(angle)))
    grey = BRIGHT - (BRIGHT - DARK) * np.clip((width + 1) / 2 - away, 0, 1)
    return grey[..., None].repeat(3, axis=2).astype(np.float32), away


def box(side: int) -> np.ndarray:
    """bool (SIZE, SIZE): a mask in the middle."""
    mask, begin = np.zeros((SIZE, SIZE), bool), (SIZE - side) // 2
    mask[begin : begin + side, begin : begin + side] = True
    return mask


def contrast(result: np.ndarray, away: np.ndarray, width: float = 3) -> float:
    """Of the line, within six pixels of the middle: 1 as in the picture, 0 gone."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    grey, near = result.mean(2), np.hypot(x, y) < 6
    line, ground = grey[near & (away < (width - 1) / 2)].mean(), grey[near & (away > width / 2 + 2)].mean()
    return float((ground - line) / (BRIGHT - DARK))
