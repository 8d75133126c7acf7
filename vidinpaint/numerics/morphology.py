"""Morphology of masks."""

import cv2
import numpy as np


def dilate(masks: np.ndarray, radius: int, shape: int = cv2.MORPH_ELLIPSE) -> np.ndarray:
    """Masks bool (T, H, W) with every True region enlarged by `radius` pixels; shape: cv2.MORPH_ELLIPSE or _RECT."""
    element = cv2.getStructuringElement(shape, (2 * radius + 1, 2 * radius + 1))
    return np.stack([cv2.dilate(mask.astype(np.uint8), element) > 0 if mask.any() else mask for mask in masks])
