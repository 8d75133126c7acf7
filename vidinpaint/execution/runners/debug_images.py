"""Debug images: every value of a window's crop as PNG files, in a folder with the name of the value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vidinpaint.core.canvas import Canvas
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.provenance import draw_source
from vidinpaint.core.window import Box, Window


def write_debug_images(folder: Path, window: Window, crop: Box, values: Mapping[str, Any]) -> None:
    """Write the owned frames of every value that can be drawn, as FOLDER/<value>/<frame>_<x>_<y>.png."""
    for name, value in values.items():
        first = window.start if isinstance(value, Canvas) else window.read_start
        for suffix, images in _images(value).items():
            target = folder / (name + suffix)
            target.mkdir(parents=True, exist_ok=True)
            for index, image in enumerate(images):
                number = first + index
                if window.start <= number < window.stop:
                    path = target / f"{number:06d}_{crop.x}_{crop.y}.png"
                    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))


def draw_flow(flow: np.ndarray, max_length: float) -> np.ndarray:
    """uint8 (H, W, 3) from flow (H, W, 2): direction as hue, length as saturation, white where nothing moves."""
    length, angle = cv2.cartToPolar(flow[..., 0], flow[..., 1], angleInDegrees=True)
    full = np.full_like(length, 255)
    hsv = np.stack([angle / 2, np.clip(length / max(max_length, 1e-6), 0, 1) * 255, full], -1).astype(np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def _images(value: Any) -> dict[str, list[np.ndarray]]:
    """The images of a value, by a suffix to its name; none for a value that cannot be drawn."""
    if isinstance(value, FlowPair):
        max_length = float(np.quantile(np.abs(value.forward), 0.99)) if value.forward.size else 1.0
        return {"": [draw_flow(flow, max_length) for flow in value.forward]}
    if isinstance(value, Canvas):
        sources = [draw_source(source, pixels) for source, pixels in zip(value.source, value.pixels)]
        return {"_source": sources, "": [_eight_bit(pixels) for pixels in value.pixels]}
    if isinstance(value, np.ndarray) and value.dtype == bool and value.ndim == 3:
        return {"": [np.repeat(mask[..., None] * np.uint8(255), 3, -1) for mask in value]}
    return {}


def _eight_bit(pixels: np.ndarray) -> np.ndarray:
    return np.clip(pixels * 255 + 0.5, 0, 255).astype(np.uint8)
