"""The mask of a mark: its mean gradient integrated to a picture, and what differs from nothing in it."""

import cv2
import numpy as np

from vidinpaint.detection.marks.statistics import Gradients
from vidinpaint.numerics.morphology import dilate

SIGNIFICANCE = 3.5  # standard errors, of edges next to certain ones
STRENGTH = 1.0  # grey levels per pixel
RELATIVE = 0.08  # of the mark's strong edges
LEVEL = 0.14  # of the mark's strong parts; the rest is error of the integration
HALO = 1  # pixels around a mark that compression has touched


def outline(gradients: Gradients, certain: np.ndarray) -> np.ndarray:
    """bool (h, w): the pixels of a mark.

    gradients  over the frames that show the mark, of its box with a margin
    certain    bool (h, w): edges that belong to it
    """
    strength = gradients.strength
    typical = float(np.percentile(strength[certain], 80)) if certain.any() else STRENGTH
    possible = (gradients.significance > SIGNIFICANCE) & (strength > max(STRENGTH, RELATIVE * typical))
    edges = _connected(possible, dilate(certain, 3))
    near = dilate(edges, 2)
    picture = integrate(gradients.mean * near)
    outside = ~_filled(near)
    picture -= np.median(picture[outside]) if outside.any() else 0
    inside = np.abs(picture)
    level = LEVEL * float(np.percentile(inside[edges], 80)) if edges.any() else np.inf
    mask = edges | ((inside > level) & _filled(near))
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


def _connected(possible: np.ndarray, certain: np.ndarray) -> np.ndarray:
    """The connected parts of `possible` that touch `certain`."""
    count, labels = cv2.connectedComponents(possible.astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[labels[certain & possible]] = True
    kept[0] = False
    return np.asarray(kept[labels])


def _filled(mask: np.ndarray) -> np.ndarray:
    """The mask with everything that it encloses."""
    height, width = mask.shape
    outside = np.zeros((height + 2, width + 2), np.uint8)
    outside[1:-1, 1:-1] = mask
    cv2.floodFill(outside, None, (0, 0), 2)
    return np.asarray(outside[1:-1, 1:-1] != 2)
