"""Small clips with subtitles, and what is known about them."""

from collections.abc import Callable
from fractions import Fraction

import cv2
import numpy as np

from vidinpaint.detection.footage import Footage

HEIGHT, WIDTH = 180, 320


def background(frames: int, speed: int, seed: int = 0) -> np.ndarray:
    """uint8 (T, H, W, 3): texture that moves by `speed` pixels a frame."""
    noise = np.random.default_rng(seed).normal(size=(HEIGHT, WIDTH + frames * speed)).astype(np.float32)
    texture = cv2.GaussianBlur(noise, (0, 0), 4)
    grey = np.clip(110 + 40 * texture / texture.std(), 0, 255).astype(np.uint8)
    return np.stack([np.repeat(grey[:, t * speed : t * speed + WIDTH, None], 3, 2) for t in range(frames)])


def text_layer(text: str, x: int, y: int, outline: int) -> tuple[np.ndarray, np.ndarray]:
    """Colour uint8 (H, W, 3) and opacity float (H, W, 1) of white text with a black outline; x, y: its lower left."""
    colour, opacity = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    font, scale = cv2.FONT_HERSHEY_DUPLEX, 0.6
    cv2.putText(opacity, text, (x, y), font, scale, 255, 1, cv2.LINE_AA)
    if outline:
        side = 2 * outline + 1
        opacity = cv2.dilate(opacity, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    cv2.putText(colour, text, (x, y), font, scale, (255, 255, 255), 1, cv2.LINE_AA)
    return colour, opacity[..., None] / 255


def blend(frames: np.ndarray, layer: tuple[np.ndarray, np.ndarray], opacity: Callable[[int], float]) -> np.ndarray:
    """The frames with the layer over them, whose opacity is a function of the frame."""
    colour, alpha = layer
    blended = [
        np.round(frame * (1 - alpha * opacity(t)) + colour * (alpha * opacity(t))) for t, frame in enumerate(frames)
    ]
    return np.stack(blended).astype(np.uint8)


def footage(frames: np.ndarray, shots: tuple[tuple[int, int], ...] = ()) -> Footage:
    """The frames as a search sees them, at 25 frames per second."""
    count = len(frames)

    def grey(start: int, stop: int) -> np.ndarray:
        return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames[start:stop]])

    times = tuple(Fraction(frame, 25) for frame in range(count))
    return Footage(*frames.shape[1:3], times, shots or ((0, count),), lambda start, stop: frames[start:stop], grey)
