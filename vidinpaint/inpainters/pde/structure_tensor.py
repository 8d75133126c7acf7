"""The structure tensor: the direction of lines around a pixel, and how pronounced it is.

    J = G_rho * (grad I grad I^T),   summed over the colours

Its eigenvector of the smaller eigenvalue points along the structure (the coherence direction), the other across it.
(mu1 - mu2)^2 / (mu1 + mu2)^2 is the coherence: 1 where all gradients around are parallel, 0 where none is preferred;
it does not depend on contrast. Under the mask, tensors are interpolated smoothly: averages of tensors do not cancel, as
those of gradients on both sides of a line would.

Tensors are fields float32 (H, W, 3): J_xx, J_xy, J_yy.

Sources: Foerstner, Guelch 1987; Weickert 1999, Coherence-Enhancing Diffusion Filtering, sections 2.2 and 3.1;
normalised convolution: Knutsson, Westin 1993; smooth tensors from few: Weickert, Welk 2006, Tensor Field
Interpolation with PDEs.
"""

import cv2
import numpy as np

from vidinpaint.inpainters.pde.multigrid import solve
from vidinpaint.numerics.laplace import push_pull

MIN_WEIGHT = 0.01  # share of the weight of a window that must be known
TOLERANCE = 1e-4  # for tensors of trace 1
MIN_TRACE = 1e-12  # below which a tensor has no direction: all around is plain


def structure_tensor(image: np.ndarray, scale: float) -> np.ndarray:
    """float32 (H, W, 3): the tensors of image float32 (H, W, C), in a Gaussian window with a sigma of scale pixels."""
    return cv2.GaussianBlur(_products(image), (0, 0), scale)


def known_structure_tensor(image: np.ndarray, mask: np.ndarray, scale: float) -> np.ndarray:
    """The same from known pixels only, interpolated under mask bool (H, W), True = unknown; zero if all is unknown."""
    inside = cv2.erode((~mask).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    weight = cv2.GaussianBlur(inside, (0, 0), scale)
    total = cv2.GaussianBlur(_products(image) * inside[..., None], (0, 0), scale)
    unknown = weight < MIN_WEIGHT
    if unknown.all():
        return np.zeros_like(total)
    tensor = np.where(unknown[..., None], np.float32(0), total / np.maximum(weight, MIN_WEIGHT)[..., None])
    largest = max(float((tensor[..., 0] + tensor[..., 2]).max()), 1e-12)
    start = push_pull(tensor / np.float32(largest), ~unknown)
    start[unknown] = solve(start, unknown, TOLERANCE)[0]
    return start


def directions(tensor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors along the structure, (N, 2) as (dx, dy), and coherence, (N,), of tensors (N, 3); both float32.

    Where no direction is preferred, the coherence is 0 and the vector (0, 1).
    """
    xx, xy, yy = tensor.T.astype(np.float64)
    trace = xx + yy
    plain = trace < MIN_TRACE
    across = np.arctan2(2 * xy, xx - yy) / 2
    strength = ((xx - yy) ** 2 + 4 * xy**2) / np.where(plain, 1, trace) ** 2
    vectors = np.stack([-np.sin(across), np.cos(across)], axis=1)
    return vectors.astype(np.float32), np.where(plain, 0, np.minimum(strength, 1)).astype(np.float32)


def _products(image: np.ndarray) -> np.ndarray:
    """grad I grad I^T, summed over the colours, (H, W, 3); with Scharr's differences, which favour no direction."""
    dx = cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 32, borderType=cv2.BORDER_REPLICATE)
    dy = cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 32, borderType=cv2.BORDER_REPLICATE)
    return np.stack([(dx * dx).sum(2), (dx * dy).sum(2), (dy * dy).sum(2)], axis=2)
