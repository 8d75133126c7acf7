"""Procedural noise and light, the basis of every surface in the sample clips.

Pictures are float32, linear light, about 0..1; noise is float32 with mean 0 and deviation 1. All noise tiles.
"""

import cv2
import numpy as np

Random = np.random.Generator


def band(height: int, width: int, wavelength: float, random: Random) -> np.ndarray:
    """Noise (H, W) whose details are about `wavelength` pixels wide."""
    return _filtered(height, width, [(wavelength, 1.0)], random)


def fractal(
    height: int, width: int, wavelength: float, random: Random, gain: float = 0.5, finest: float = 2.0
) -> np.ndarray:
    """Octaves of noise (H, W) from `wavelength` down to `finest` pixels, each `gain` times the strength of the last."""
    octaves, strength = [], 1.0
    while wavelength >= finest:
        octaves.append((wavelength, strength))
        wavelength, strength = wavelength / 2, strength * gain
    return _filtered(height, width, octaves, random)


def _filtered(height: int, width: int, octaves: list[tuple[float, float]], random: Random) -> np.ndarray:
    """White noise through a sum of log-Gaussian bands (wavelength, strength)."""
    spectrum = np.fft.rfft2(random.standard_normal((height, width), dtype=np.float32))
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]).astype(np.float32)
    pitch = np.log2(np.maximum(frequency, np.float32(1e-9)))
    response = np.zeros_like(frequency)
    for wavelength, strength in octaves:
        band_response = np.exp(-2 * (pitch + np.float32(np.log2(wavelength))) ** 2)
        response += np.float32(strength / max(float(np.sqrt((band_response**2).mean())), 1e-9)) * band_response
    noise = np.fft.irfft2(spectrum * response, s=(height, width)).astype(np.float32)
    return noise / max(float(noise.std()), 1e-12)


def step(low: float, high: float, values: np.ndarray) -> np.ndarray:
    """0 below low, 1 above high, smooth between."""
    t = np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    return t * t * (3 - 2 * t)


def mix(first: np.ndarray, second: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Blend of first (weight 0) and second (weight 1), (H, W, 3) or (3,) each; weight (H, W)."""
    weight = weight[..., None]
    return (first * (1 - weight) + second * weight).astype(np.float32)


def colour(red: float, green: float, blue: float) -> np.ndarray:
    """A colour as seen on a screen, 0..255, in linear light (3,)."""
    return (np.array([red, green, blue], np.float32) / 255) ** np.float32(2.2)


def developed(light: np.ndarray, exposure: float = 1.0) -> np.ndarray:
    """Linear light to a picture 0..255 (float32), with the soft shoulder of film (Narkowicz 2015, ACES fit)."""
    x = np.maximum(light, 0) * np.float32(exposure)
    film = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    return (255 * film ** (1 / 2.2)).astype(np.float32)


def downscaled(picture: np.ndarray) -> np.ndarray:
    """Half the size, each pixel the mean of four."""
    height, width = picture.shape[:2]
    return cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
