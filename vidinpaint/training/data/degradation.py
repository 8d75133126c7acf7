"""Random traces of cameras and files on a whole image: rescaling, noise, JPEG compression.

They hide the differences that inpainted pixels have only because the photo around them is compressed or noisy.
"""

import cv2
import numpy as np

from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.photos import cut

SCALES = (0.8, 1.25)
"""Least and greatest factor of the rescaling."""
PROBABILITY = 0.4
"""Of rescaling, of noise and of compression, each by itself."""
MAX_NOISE = 8.0
"""Greatest standard deviation of the noise, of 255."""
JPEG_QUALITY = (40, 96)


def smallest_side(size: int) -> int:
    """The side that an image needs so that every rescaled one is at least `size` pixels large."""
    return int(np.ceil(size / SCALES[0]))


def degraded(random: Random, image: np.ndarray, mask: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A random part of size x size pixels of an image, and of its mask, maybe rescaled, noisy or compressed.

    image  uint8 (H, W, 3), H and W at least `smallest_side(size)`
    mask   float32 (H, W); the rescaled mask has values between 0 and 1

    Returns uint8 (size, size, 3) and float32 (size, size).
    """
    if random.random() < PROBABILITY:
        image, mask = _rescaled(image, mask, random.uniform(*SCALES))
    both = cut(random, np.dstack([image, mask]), size, size)
    image, mask = np.ascontiguousarray(both[..., :3]).astype(np.uint8), np.ascontiguousarray(both[..., 3])
    if random.random() < PROBABILITY:
        noise = random.normal(0, random.uniform(0, MAX_NOISE), image.shape)
        image = np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)
    if random.random() < PROBABILITY:
        image = _compressed(image, int(random.integers(*JPEG_QUALITY)))
    return image, mask


def _rescaled(image: np.ndarray, mask: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    size = tuple(int(np.ceil(side * scale)) for side in image.shape[1::-1])
    return (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC),
        cv2.resize(mask, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR),
    )


def _compressed(image: np.ndarray, quality: int) -> np.ndarray:
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])  # as BGR, like its decoder
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR))
