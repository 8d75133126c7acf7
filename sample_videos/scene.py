"""What every scene gives for one frame, and lettering, which two of them burn in."""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from textures import developed, downscaled

WIDTH, HEIGHT = 480, 270
SUPERSAMPLED = 2  # scenes are drawn this much larger, then averaged: no stairs, no shimmer
SHUTTER, MOMENTS = 0.5, 4  # part of a frame's time that light is gathered, and how many moments stand for it


class Frame(NamedTuple):
    """clip and truth float32 (H, W, 3), 0..255, without grain; mask bool (H, W), True = inpaint here."""

    clip: np.ndarray
    truth: np.ndarray
    mask: np.ndarray


def exposed(draw: Callable[[float], np.ndarray], index: int, rate: int) -> np.ndarray:
    """Light gathered while the shutter is open: `draw(seconds)` at some moments, averaged, at the clip's size."""
    moments = [(index + SHUTTER * (moment + 0.5) / MOMENTS) / rate for moment in range(MOMENTS)]
    return downscaled(sum(draw(moment) for moment in moments) / np.float32(MOMENTS))


def film(light: np.ndarray, exposure: float) -> np.ndarray:
    """Developed light, a little darker in the corners as behind a real lens."""
    y, x = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    away = ((x / light.shape[1] - 0.5) ** 2 + (y / light.shape[0] - 0.5) ** 2)[..., None]
    return developed(light * (1 - 0.45 * away), exposure)


def lettering(text: str, x: float, y: float, size: float, outline: float = 0.0) -> np.ndarray:
    """Ink cover (HEIGHT, WIDTH), 0..1, of text centred at x with its base line at y; size is the capitals' height.

    WarpedSource eight times as large, so the edges are smooth; `outline` pixels are added all around each letter.
    """
    scale, font = 8, cv2.FONT_HERSHEY_SIMPLEX
    ink = np.zeros((HEIGHT * scale, WIDTH * scale), np.uint8)
    thickness = round(0.15 * size * scale)
    enlarged = size * scale / cv2.getTextSize("H", font, 1.0, 1)[0][1]
    width = cv2.getTextSize(text, font, enlarged, thickness)[0][0]
    cv2.putText(
        ink, text, (round(x * scale - width / 2), round(y * scale)), font, enlarged, 255, thickness, cv2.LINE_AA
    )
    if outline:
        ink = 255 * grown(ink > 127, round(outline * scale)).astype(np.uint8)
    return cv2.resize(ink, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def inked(picture: np.ndarray, ink: np.ndarray, shade: tuple[float, float, float]) -> np.ndarray:
    """A picture 0..255 with a flat colour laid over it, `ink` (H, W) strong."""
    return (picture * (1 - ink[..., None]) + np.array(shade, np.float32) * ink[..., None]).astype(np.float32)


def grown(mask: np.ndarray, by: int) -> np.ndarray:
    """A mask with a margin of `by` pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0
