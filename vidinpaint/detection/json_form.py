"""Detections as values of JSON, their masks as small PNG images, and back."""

import base64
from typing import Any

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection


def to_json(detection: Detection) -> dict[str, Any]:
    """Everything about a detection, as values of JSON."""
    box = detection.box
    return {
        "kind": detection.kind,
        "start": detection.start,
        "stop": detection.stop,
        "box": [box.x, box.y, box.width, box.height],
        "confidence": round(detection.confidence, 3),
        "text": detection.text,
        "path": [list(corner) for corner in detection.path],
        "mask": _png(detection.mask),
    }


def from_json(values: dict[str, Any]) -> Detection:
    """What `to_json` wrote. Raises ValueError, TypeError, KeyError or MaskError for anything else."""
    return Detection(
        values["kind"],
        values["start"],
        values["stop"],
        Box(*values["box"]),
        _mask(values["mask"]),
        values["confidence"],
        values["text"],
        tuple((x, y) for x, y in values["path"]),
    )


def _png(mask: np.ndarray) -> str:
    _, encoded = cv2.imencode(".png", mask.astype(np.uint8) * 255, [cv2.IMWRITE_PNG_BILEVEL, 1])
    return base64.b64encode(encoded.tobytes()).decode("ascii")


def _mask(text: str) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise MaskError("a mask as a PNG image", "one that cannot be decoded", "Search the clip again.")
    return np.asarray(image > 0)
