"""`surroundings`: the part of a frame that shows a mask and what is around it."""

import numpy as np

AROUND = 48  # pixels: features there still depend on what is under the mask


def surroundings(mask: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of a mask, bool (H, W) with True at least once, and of 48 pixels around it within the frame."""
    rows, columns = np.nonzero(mask)
    return _around(rows), _around(columns)


def _around(indices: np.ndarray) -> slice:
    return slice(max(0, int(indices.min()) - AROUND), int(indices.max()) + AROUND)
