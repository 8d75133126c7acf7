"""A small mark, and backgrounds that it is blended over."""

import cv2
import numpy as np

from vidinpaint.marks.template import Template

H, W = 60, 96


def mark(opacity: float = 0.5, rim: bool = False) -> Template:
    """A disc and a bar with soft edges: white, or white with a dark rim."""
    fill = np.zeros((4 * H, 4 * W), np.uint8)
    cv2.circle(fill, (4 * 30, 4 * 30), 4 * 11, 255, -1)
    cv2.rectangle(fill, (4 * 50, 4 * 26), (4 * 74, 4 * 33), 255, -1)
    around = cv2.dilate(fill, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17)))
    fill, around = (cv2.resize(part, (W, H), interpolation=cv2.INTER_AREA) / np.float32(255) for part in (fill, around))
    whole = around if rim else fill
    colour = np.broadcast_to((fill / np.maximum(whole, 1e-6))[..., None], (H, W, 3)).astype(np.float32)
    return Template(opacity * whole, colour, np.zeros((H, W), np.float32))


def box() -> np.ndarray:
    """A rough box around the mark."""
    mask = np.zeros((H, W), bool)
    mask[12:48, 13:82] = True
    return mask


def moving(frames: int = 24, seed: int = 0) -> np.ndarray:
    """Soft coloured texture that moves 5 pixels a frame, float32 (T, H, W, 3)."""
    random = np.random.default_rng(seed)
    wide = random.random((H, W + 5 * frames, 3)).astype(np.float32)
    wide = cv2.GaussianBlur(wide, (0, 0), 4)
    wide = np.clip(0.4 + (wide - 0.5) * 2.5, 0, 0.9)
    return np.stack([wide[:, 5 * t : 5 * t + W] for t in range(frames)])


def still(frames: int = 24, seed: int = 0) -> np.ndarray:
    """The same frame again and again."""
    return np.repeat(moving(1, seed), frames, axis=0)


def blended(background: np.ndarray, template: Template, opacity: np.ndarray | float = 1.0) -> np.ndarray:
    """The background with the mark over it, in levels of 8 bits."""
    factor = np.broadcast_to(np.asarray(opacity, np.float32), len(background))[:, None, None, None]
    alpha = factor * template.alpha[..., None]
    return (np.round(255 * ((1 - alpha) * background + alpha * template.colour)) / 255).astype(np.float32)
