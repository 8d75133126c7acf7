"""Simulates what cameras and codecs do to clean images: exposure, blur, grain, compression."""

import cv2
import numpy as np


def filmed(frames: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Consecutive frames, float32 (T, H, W, 3) RGB in [0, 1], as a camera might have recorded them; a new array."""
    frames = _exposed(frames, random)
    if random.random() < 0.3:
        sigma = random.uniform(0.3, 1.2)
        frames = np.stack([cv2.GaussianBlur(frame, (0, 0), sigma) for frame in frames])
    if random.random() < 0.7:
        frames = frames + _grain(frames.shape, random)
    frames = np.clip(frames, 0, 1).astype(np.float32)
    return _compressed(frames, int(random.integers(35, 96))) if random.random() < 0.6 else frames


def _exposed(frames: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Random contrast, brightness and colour of all frames, with small differences between frames."""
    gain = np.exp(random.normal(0, 0.15)) * np.exp(random.normal(0, 0.05, 3))
    change = np.exp(random.normal(0, random.choice((0.0, 0.01, 0.05)), (len(frames), 1, 1, 1)))
    return np.asarray(np.clip((frames - 0.5) * gain * change + 0.5 + random.normal(0, 0.08), 0, 1))


def _grain(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    grain = random.standard_normal(shape, np.float32) * np.float32(random.uniform(0.0, 0.03))
    return np.stack([cv2.GaussianBlur(part, (0, 0), 0.6) for part in grain]) if random.random() < 0.5 else grain


def _compressed(frames: np.ndarray, quality: int) -> np.ndarray:
    """JPEG-compressed frames: blocks and ringing, at the same positions in each frame."""
    coded = (cv2.imencode(".jpg", np.rint(frame * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
             for frame in frames)  # fmt: skip
    decoded = [np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)) for data in coded]
    return np.stack(decoded).astype(np.float32) / np.float32(255)
