"""Pictures small enough for a page: scaled down, upright, as JPEG and PNG in data URIs."""

import base64
from fractions import Fraction

import cv2
import numpy as np

from vidinpaint.core.canvas import Source
from vidinpaint.core.provenance import tint_source

SIDE = 640  # pixels of the longer side, at most
QUALITIES, LARGEST = (86, 75, 60, 45), 80_000  # of JPEG; 32 pictures of so many bytes make a page of 3.5 MB
OPACITY = 0.62  # of the colours laid over a picture


def upright(picture: np.ndarray, rotation: int, sample_aspect: Fraction) -> np.ndarray:
    """A picture (H, W, C) as a player shows it, with a longer side of `SIDE` at most.

    rotation       degrees counter-clockwise; what is no quarter turn is left undone
    sample_aspect  width of a stored pixel by its height
    """
    height, width = picture.shape[:2]
    shown = width * float(sample_aspect)
    scale = min(1.0, SIDE / max(height, shown))
    size = (max(1, round(shown * scale)), max(1, round(height * scale)))
    small = picture if size == (width, height) else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    turned: np.ndarray = np.rot90(small, rotation // 90) if rotation % 90 == 0 else small
    return np.ascontiguousarray(turned)


def overlay(source: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 4) RGBA of a map of `Source` (H, W): clear where nothing was inpainted."""
    alpha = (source != Source.ORIGINAL) * np.uint8(255)
    return np.dstack([tint_source(source), alpha])


def soften(rgba: np.ndarray) -> np.ndarray:
    """An overlay after scaling: full colour at its borders, where it was mixed with black, and half transparent."""
    alpha = rgba[..., 3:].astype(np.float32)
    colour = rgba[..., :3] * (255 / np.maximum(alpha, 1))
    return np.concatenate([np.minimum(colour, 255), alpha * OPACITY], axis=-1).astype(np.uint8)


def jpeg(rgb: np.ndarray) -> bytes:
    """uint8 (H, W, 3) RGB as a JPEG file, in the best quality in which it is small enough."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    for quality in QUALITIES:
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= LARGEST:
            break
    return data.tobytes()


def png(rgba: np.ndarray) -> bytes:
    """uint8 (H, W, 4) RGBA as a PNG file."""
    _, data = cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return data.tobytes()


def data_uri(kind: str, data: bytes) -> str:
    """A file inside a page; `kind` is "jpeg" or "png"."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
