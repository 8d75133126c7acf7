"""Grows masks by a disc, so that soft edges and compression halos around an object are inpainted as well."""

import cv2
import numpy as np

from vidinpaint.core.errors import SettingError

LARGEST = 1000


def check_grow(pixels: int) -> None:
    """SettingError unless 0 <= pixels <= 1000."""
    if not 0 <= pixels <= LARGEST:
        raise SettingError(f"grow from 0 to {LARGEST} pixels", str(pixels), "Give a number of pixels in this range.")


def dilate(mask: np.ndarray, pixels: int) -> np.ndarray:
    """bool (H, W): every pixel not farther than `pixels` from one of `mask`, centre to centre.

    By the exact distance transform, on the part of the frame that can change: its cost does not rise with the disc.
    """
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if not pixels or not width:
        return mask
    rows = slice(max(0, y - pixels), y + height + pixels)
    columns = slice(max(0, x - pixels), x + width + pixels)
    known = np.ascontiguousarray(~mask[rows, columns]).view(np.uint8)
    distance = cv2.distanceTransform(known, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = mask.copy()
    grown[rows, columns] = distance <= pixels
    return grown
