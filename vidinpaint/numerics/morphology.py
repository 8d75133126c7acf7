"""Morphology of masks: `dilate` widens them, `distance_outside` measures how deep a pixel lies in them."""

from typing import Literal

import cv2
import numpy as np

from vidinpaint.core.window import Box

Shape = Literal["disc", "ellipse", "square"]


def dilate(mask: np.ndarray, radius: int, shape: Shape = "ellipse") -> np.ndarray:
    """bool (..., H, W): each mask and the pixels within `radius` of it; for a radius of 0 the same array.

    mask    bool (H, W), or several in an array (..., H, W), each widened by itself
    radius  pixels, 0 or more
    shape   what lies within the radius: "ellipse", the disc of OpenCV with an outline rounded outwards; "disc", by the
            exact distance between pixel centres; "square", by the larger of dx and dy. Default: "ellipse"
    """
    if not radius:
        return mask
    if mask.ndim > 2:
        return np.stack([dilate(one, radius, shape) for one in mask])
    if not mask.any():
        return mask
    if shape == "disc":
        return _within_distance(mask, radius)
    side = 2 * radius + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE if shape == "ellipse" else cv2.MORPH_RECT, (side, side))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _within_distance(mask: np.ndarray, radius: int) -> np.ndarray:
    """By the exact distance transform, on the part of the frame that can change: large discs cost no more."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    rows = slice(max(0, y - radius), y + height + radius)
    columns = slice(max(0, x - radius), x + width + radius)
    dilated = mask.copy()
    dilated[rows, columns] = distance_outside(~mask[rows, columns]) <= radius
    return dilated


def bounding_box(mask: np.ndarray) -> Box | None:
    """The smallest box that holds every True pixel of bool (H, W); None where there is none."""
    x, y, width, height = cv2.boundingRect(np.ascontiguousarray(mask).view(np.uint8))
    return Box(x, y, width, height) if width else None


def distance_outside(mask: np.ndarray) -> np.ndarray:
    """float32 (H, W): exact Euclidean distance of each pixel of a mask to the nearest pixel outside it; zero outside.

    mask  bool (H, W); pixels are one apart
    """
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # OpenCV's last digit may differ from call to call; squares of distances are whole numbers
    return np.sqrt(np.rint(np.square(distance, dtype=np.float64))).astype(np.float32)
