"""Grows holes by a disc, so that soft edges and compression halos around an object are painted over as well."""

import cv2
import numpy as np

from vidinpaint.errors import SettingError

LARGEST = 1000


def check_grow(pixels: int) -> None:
    """SettingError unless 0 <= pixels <= 1000."""
    if not 0 <= pixels <= LARGEST:
        raise SettingError(f"grow from 0 to {LARGEST} pixels", str(pixels), "Give a number of pixels in this range.")


def grow_hole(hole: np.ndarray, pixels: int) -> np.ndarray:
    """bool (H, W): every pixel not farther than `pixels` from one of `hole`, centre to centre.

    By the exact distance transform, on the part of the picture that can change: its cost does not rise with the disc.
    """
    x, y, width, height = cv2.boundingRect(hole.view(np.uint8))
    if not pixels or not width:
        return hole
    rows = slice(max(0, y - pixels), y + height + pixels)
    columns = slice(max(0, x - pixels), x + width + pixels)
    known = np.ascontiguousarray(~hole[rows, columns]).view(np.uint8)
    distance = cv2.distanceTransform(known, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = hole.copy()
    grown[rows, columns] = distance <= pixels
    return grown
