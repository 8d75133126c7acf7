"""`outline_left`: whether un-blended frames still show the outline of the mark, because the template does not fit.

A mark that moves or changes its shape, such as an animated icon, is no template; nor is one that was estimated wrongly.
Then edges are left where the template has its own, as strong as those of the picture around are nowhere.
"""

import cv2
import numpy as np

from vidinpaint.marks.template import Template
from vidinpaint.marks.unblending import unblend
from vidinpaint.numerics.morphology import dilate

EDGE = 0.1  # change of opacity from a pixel to the next that is an edge of the mark
AROUND = 8  # pixels around the mark where the edges of the picture are measured
_NOISE_GRADIENT = 0.89  # mean gradient of white noise with a standard deviation of 1, by central differences


def outline_left(frames: np.ndarray, template: Template, support: np.ndarray, opacity: np.ndarray) -> float:
    """The mean gradient of un-blended frames along the mark's edges over the one that is expected there.

    About 1 for a template that fits; expected are the gradient around the mark, and that of the noise.

    frames    float32 (T, h, w, 3), RGB in [0, 1], of the size of the template
    support   bool (h, w): the pixels that the mark changes
    opacity   float32 (T,): factor of the template's alpha in each frame
    """
    edges = _gradient(template.alpha) > EDGE
    around = dilate(support, AROUND) & ~dilate(support, 2)
    if not edges.any() or not around.any():
        return 1.0
    background, deviation = unblend(frames, template, opacity)
    ratios = []
    for picture, uncertainty, factor in zip(background, deviation, opacity):
        known = edges & np.isfinite(uncertainty)
        if factor < 0.5 or not known.any():
            continue
        gradient = _gradient(picture.mean(-1))
        noise = _NOISE_GRADIENT * float(np.sqrt(np.mean(uncertainty[known] ** 2)))
        expected = np.hypot(float(gradient[around].mean()), noise)
        ratios.append(float(gradient[known].mean()) / max(expected, 1e-6))
    return float(np.median(ratios)) if ratios else 1.0


def _gradient(values: np.ndarray) -> np.ndarray:
    """float32 (h, w): magnitude of the gradient, per pixel."""
    across, down = (cv2.filter2D(values, cv2.CV_32F, kernel / 2) for kernel in (_STEP, _STEP.T))
    return np.asarray(np.hypot(across, down))


_STEP = np.array([[-1.0, 0.0, 1.0]], np.float32)
