"""Common parts of the scenes: frame, shutter, film and burnt-in lettering."""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from textures import developed, downscaled

WIDTH, HEIGHT = 480, 270
SUPERSAMPLED = 2  # scenes are drawn this much larger, then averaged, against aliasing
SHUTTER, EXPOSURES = 0.5, 4  # part of a frame's time that the shutter is open, and samples in this time


class Frame(NamedTuple):
    """clip and truth float32 (H, W, 3), 0..255, without grain; mask bool (H, W), True = inpaint."""

    clip: np.ndarray
    truth: np.ndarray
    mask: np.ndarray


def exposed(draw: Callable[[float], np.ndarray], index: int, rate: int) -> np.ndarray:
    """Mean light while the shutter is open: `draw(seconds)` at several times, at the clip's size."""
    times = [(index + SHUTTER * (time + 0.5) / EXPOSURES) / rate for time in range(EXPOSURES)]
    return downscaled(sum(draw(time) for time in times) / np.float32(EXPOSURES))


def film(light: np.ndarray, exposure: float) -> np.ndarray:
    """Developed light, slightly darker in the corners as behind a real lens."""
    y, x = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    distance = ((x / light.shape[1] - 0.5) ** 2 + (y / light.shape[0] - 0.5) ** 2)[..., None]
    return developed(light * (1 - 0.45 * distance), exposure)


def lettering(text: str, x: float, y: float, size: float, outline: float = 0.0) -> np.ndarray:
    """Ink coverage (HEIGHT, WIDTH), 0..1, of text centred at x with its base line at y; size is the capitals' height.

    Drawn eight times larger, so the edges are smooth; `outline` pixels are added around each letter.
    """
    scale, font = 8, cv2.FONT_HERSHEY_SIMPLEX
    ink = np.zeros((HEIGHT * scale, WIDTH * scale), np.uint8)
    thickness = round(0.15 * size * scale)
    font_scale = size * scale / cv2.getTextSize("H", font, 1.0, 1)[0][1]
    width = cv2.getTextSize(text, font, font_scale, thickness)[0][0]
    cv2.putText(
        ink, text, (round(x * scale - width / 2), round(y * scale)), font, font_scale, 255, thickness, cv2.LINE_AA
    )
    if outline:
        ink = 255 * dilated(ink > 127, round(outline * scale)).astype(np.uint8)
    return cv2.resize(ink, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def inked(picture: np.ndarray, ink: np.ndarray, ink_colour: tuple[float, float, float]) -> np.ndarray:
    """A picture 0..255 blended with a flat colour; ink (H, W) is the weight of the colour, 0..1."""
    return (picture * (1 - ink[..., None]) + np.array(ink_colour, np.float32) * ink[..., None]).astype(np.float32)


def dilated(mask: np.ndarray, radius: int) -> np.ndarray:
    """A mask dilated by `radius` pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0
