"""A sky with clouds, and the haze of the distance."""

import cv2
import numpy as np
from textures import Random, colour, fractal, mix, step

ZENITH, HORIZON, GLOW = colour(52, 104, 180), colour(196, 212, 226), colour(255, 232, 196)


def make_clouds(random: Random) -> np.ndarray:
    """Cloud cover (1024, 1024), about 0..1, tiling."""
    return fractal(1024, 1024, 300, random, 0.58)


def draw_sky(clouds: np.ndarray, elevation: np.ndarray, azimuth: np.ndarray, drift: float = 0.0) -> np.ndarray:
    """Sky light (H, W, 3) for directions (H, W): elevation as a tangent, azimuth in radians; drift moves the clouds."""
    up = np.maximum(elevation, 0).astype(np.float32)
    light = mix(HORIZON * 1.15, ZENITH * 1.1, step(-0.05, 0.42, up))
    light = mix(light, GLOW * 1.2, 0.45 * np.exp(-((azimuth + 0.75) ** 2) / 0.25 - up / 0.12).astype(np.float32))
    far = 1 / (up + 0.10)  # distance to the flat cloud layer along the ray, limited as by the Earth's curvature
    x, y = 150 * far * np.sin(azimuth) + 512 + drift, 150 * far * np.cos(azimuth) + 300
    cover = _sample(clouds, x, y)
    toward_sun = _sample(clouds, x - 9, y + 7)
    amount = step(0.15, 1.7, cover) * step(0.0, 0.14, up)
    shade = np.clip(1.05 - 0.16 * toward_sun, 0.55, 1.15)
    return mix(light, colour(250, 248, 244)[None, None] * 1.25 * shade[..., None], 0.92 * amount)


def _sample(field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    size = field.shape[0]
    padded = cv2.copyMakeBorder(field, 0, 1, 0, 1, cv2.BORDER_WRAP)
    return cv2.remap(padded, np.mod(x, size).astype(np.float32), np.mod(y, size).astype(np.float32), cv2.INTER_LINEAR)


def hazed(light: np.ndarray, depth: np.ndarray, reach: float, air: np.ndarray) -> np.ndarray:
    """Light from `depth` away through air that hides 63 % at `reach`; blue is absorbed first, as in mountains."""
    haze = 1 - np.exp(-depth[..., None] / (reach * np.array([1.25, 1.0, 0.78], np.float32)))
    return (light * (1 - haze) + air * haze).astype(np.float32)
