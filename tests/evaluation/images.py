"""Pairs of images for the tests of metrics: a picture and a worse one."""

import cv2
import numpy as np


def texture(seed: int, height: int, width: int) -> np.ndarray:
    """uint8 (H, W, 3) RGB: smooth noise with some detail."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, 1, (height, width, 3)).astype(np.float32)
    coarse = cv2.GaussianBlur(noise, (0, 0), 6)
    fine = cv2.GaussianBlur(noise, (0, 0), 1)
    return np.clip(128 + 50 * coarse / coarse.std() + 15 * fine / fine.std(), 0, 255).astype(np.uint8)


def worse(image: np.ndarray, seed: int = 1, noise: float = 20, blur: float = 1.5) -> np.ndarray:
    """The image blurred and with noise."""
    random = np.random.default_rng(seed)
    blurred = cv2.GaussianBlur(image, (0, 0), blur).astype(np.float32)
    return np.clip(blurred + random.normal(0, noise, image.shape), 0, 255).astype(np.uint8)


def grey(image: np.ndarray) -> np.ndarray:
    """uint8 (H, W)."""
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
