"""Canny's edges of the known part of an image.

Source: Canny 1986, A Computational Approach to Edge Detection. The blur is normalised by the known pixels under its
window, and pixels beside a mask or the border are no edges, so that a mask itself gives none; both, and the default
thresholds, as scikit-image's `canny`, which EdgeConnect uses. OpenCV thins lines in steps of 45 degrees, scikit-image
with interpolated directions: four fifths or more of the edges of photos are the same pixels.
"""

import cv2
import numpy as np

LOW, HIGH = 0.1, 0.2
"""Thresholds of Sobel's derivatives, of grey values in [0, 1]."""
UNITS = 4000  # of the derivatives, as OpenCV's `Canny` takes integers; their greatest value is 4


def canny(grey: np.ndarray, known: np.ndarray, sigma: float = 2.0, low: float = LOW, high: float = HIGH) -> np.ndarray:
    """bool (H, W), True = an edge.

    grey   float32 (H, W) in [0, 1]
    known  bool (H, W); grey has no influence elsewhere
    sigma  standard deviation of the Gaussian blur, in pixels, above 0
    low    least slope of an edge
    high   slope above which an edge begins
    """
    weights = known.astype(np.float32)
    size = 2 * round(4 * sigma) + 1, 2 * round(4 * sigma) + 1
    blurred, total = (
        cv2.GaussianBlur(values, size, sigma, borderType=cv2.BORDER_CONSTANT)
        for values in (np.where(known, grey, 0).astype(np.float32), weights)
    )
    smooth = blurred / np.maximum(total, np.finfo(np.float32).eps)
    inner = cv2.erode(weights, np.ones((3, 3)), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    dx, dy = (
        np.rint(np.where(inner, cv2.Sobel(smooth, cv2.CV_32F, x, y), 0) * UNITS).astype(np.int16)
        for x, y in ((1, 0), (0, 1))
    )
    return np.asarray((cv2.Canny(dx, dy, low * UNITS, high * UNITS, L2gradient=True) > 0) & inner)
