"""The mask of a mark: its mean gradient integrated to a picture, and what differs from nothing in it."""

import cv2
import numpy as np

from vidinpaint.detection.marks.statistics import Gradients
from vidinpaint.numerics.morphology import dilate

SIGNIFICANCE = 3.5  # standard errors, of faint edges that touch certain ones
DETACHED = 5.0  # standard errors, of edges that lie near certain ones, such as the next letter
STRENGTH = 1.0  # grey levels per pixel
FAINT = 0.16  # of the mark's strong edges
STRONG = 0.45  # of the mark's strong edges
LETTERS = 4  # parts that are found one from the other on each side
REACH = 6  # pixels between the parts of a mark
LEVEL = 0.2  # of the mark's strong parts; the rest is error of the integration
LEVEL_INSIDE = 0.35  # the same away from edges, where the errors of all edges around add up
HALO = 1  # pixels around a mark that compression has touched


def outline(gradients: Gradients, certain: np.ndarray, scene: np.ndarray) -> np.ndarray:
    """bool (h, w): the pixels of a mark.

    gradients  over the frames that show the mark, of its box with a margin
    certain    bool (h, w): edges that belong to it
    scene      bool (h, w): edges that do not
    """
    strength, significance = gradients.strength, gradients.significance
    typical = float(np.percentile(strength[certain], 80))
    certain = certain & (strength > FAINT * typical)
    detached = ~scene & (significance > DETACHED) & (strength > STRONG * typical)
    enclosed = _filled(dilate(certain, 2))  # such as the triangle in a disc
    reach = dilate(certain, REACH) | enclosed
    for _ in range(LETTERS):
        reach = dilate(detached & reach | certain, REACH) | enclosed
    parts = (detached & reach) | certain
    possible = ~scene & (significance > SIGNIFICANCE) & (strength > max(STRENGTH, FAINT * typical))
    edges = _touching(possible, dilate(parts, 2))
    near = dilate(edges, 2)
    within = _filled(near)
    picture = integrate(gradients.mean * near)
    if not within.all():
        picture -= np.median(picture[~within])
    picture = np.abs(picture)
    strong = float(np.percentile(picture[edges], 80)) if edges.any() else np.inf
    level = np.where(dilate(edges, REACH), LEVEL, LEVEL_INSIDE) * strong
    mask = (picture > level) & within | edges & (strength > STRONG * typical)
    mask = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    return dilate(mask, HALO)


def integrate(gradient: np.ndarray) -> np.ndarray:
    """float32 (h, w): the picture whose gradient is nearest to `gradient` (2, h, w), with a mean of 0.

    Poisson's equation with reflecting borders, solved by a Fourier transform of the mirrored field. Source: Frankot
    and Chellappa, "A Method for Enforcing Integrability in Shape from Shading Algorithms" (1988), equation 21.
    """
    x, y = gradient
    x = np.block([[x, -x[:, ::-1]], [x[::-1], -x[::-1, ::-1]]])
    y = np.block([[y, y[:, ::-1]], [-y[::-1], -y[::-1, ::-1]]])
    height, width = x.shape
    # responses of central differences, the spacing that Sobel's kernel has
    u = np.sin(2 * np.pi * np.fft.rfftfreq(width))[None]
    v = np.sin(2 * np.pi * np.fft.fftfreq(height))[:, None]
    square = u**2 + v**2
    transform = -1j * (u * np.fft.rfft2(x) + v * np.fft.rfft2(y)) / np.where(square < 1e-9, 1, square)
    transform[square < 1e-9] = 0
    picture = np.fft.irfft2(transform, s=(height, width))
    return np.asarray(picture[: height // 2, : width // 2], np.float32)


def _touching(mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """The connected parts of a mask that hold a seed."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[labels[seeds & mask]] = True
    kept[0] = False
    return np.asarray(kept[labels])


def _filled(mask: np.ndarray) -> np.ndarray:
    """The mask with everything that it encloses."""
    height, width = mask.shape
    outside = np.zeros((height + 2, width + 2), np.uint8)
    outside[1:-1, 1:-1] = mask
    cv2.floodFill(outside, None, (0, 0), 2)
    return np.asarray(outside[1:-1, 1:-1] != 2)
