"""Images for the page: downscaled, rotated upright, as JPEG and PNG in data URIs."""

import base64
from fractions import Fraction

import cv2
import numpy as np

from vidinpaint.core.canvas import Source
from vidinpaint.core.orientation import Turn
from vidinpaint.core.provenance import tint_source

MAX_SIDE = 640  # pixels of the longer side
JPEG_QUALITIES, MAX_JPEG_BYTES = (86, 75, 60, 45), 80_000  # 32 such images give a page of 3.5 MB
OVERLAY_OPACITY = 0.62


def upright(image: np.ndarray, turn: Turn, sample_aspect: Fraction) -> np.ndarray:
    """An image (H, W, C) as a player shows it, with a longer side of at most `MAX_SIDE`.

    turn           what a player does with the stored image
    sample_aspect  width of a stored pixel divided by its height
    """
    height, width = image.shape[:2]
    shown_width = width * float(sample_aspect)
    scale = min(1.0, MAX_SIDE / max(height, shown_width))
    size = (max(1, round(shown_width * scale)), max(1, round(height * scale)))
    small = image if size == (width, height) else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(turn(small))


def overlay(source: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 4) RGBA provenance colours of a map of `Source` (H, W); transparent where nothing was inpainted."""
    alpha = (source != Source.ORIGINAL) * np.uint8(255)
    return np.dstack([tint_source(source), alpha])


def soften(rgba: np.ndarray) -> np.ndarray:
    """An overlay after scaling: undoes the mixing with black at its borders, and makes it half transparent."""
    alpha = rgba[..., 3:].astype(np.float32)
    colour = rgba[..., :3] * (255 / np.maximum(alpha, 1))
    return np.concatenate([np.minimum(colour, 255), alpha * OVERLAY_OPACITY], axis=-1).astype(np.uint8)


def jpeg(rgb: np.ndarray) -> bytes:
    """uint8 (H, W, 3) RGB as a JPEG file, in the best quality that is small enough."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    for quality in JPEG_QUALITIES:
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= MAX_JPEG_BYTES:
            break
    return data.tobytes()


def png(rgba: np.ndarray) -> bytes:
    """uint8 (H, W, 4) RGBA as a PNG file."""
    _, data = cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return data.tobytes()


def data_uri(kind: str, data: bytes) -> str:
    """A data URI of a file; `kind` is "jpeg" or "png"."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
