"""Propagation where chroma bleeds: luma from all pixels outside the masks, chroma only from those without bleed."""

import numpy as np

from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.propagation.propagate import propagate

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def propagate_without_bleed(
    pixels: np.ndarray, unknown: np.ndarray, bleed: np.ndarray, flow: FlowPair, frames: slice
) -> None:
    """As `propagate`, in place; pixels that have chroma bleed get the chroma that is found for them, too.

    pixels   float32 (T, H, W, 3) RGB in [0, 1]
    unknown  bool (T, H, W), True = inpaint: set to False where a pixel was found
    bleed    bool (T, H, W), True where chroma holds colour from under the masks; includes `unknown`
    frames   those to complete; the others are only sources
    """
    if not (bleed & ~unknown).any():  # no subsampled chroma
        propagate(pixels, unknown, flow, frames)
        return
    found, colour = _colour(pixels, bleed, flow, frames)
    propagate(pixels, unknown, flow, frames)
    known = ~unknown.ravel()[found]
    found, colour = found[known], colour[known]
    flat = pixels.reshape(-1, 3)
    flat[found] = np.clip(colour + ((flat[found] - colour) @ LUMA)[:, None], 0, 1)


def _colour(pixels: np.ndarray, bleed: np.ndarray, flow: FlowPair, frames: slice) -> tuple[np.ndarray, np.ndarray]:
    """Flat indices of pixels with bleed for which other frames show a colour, and these colours float32 (n, 3)."""
    pixels, unknown = pixels.copy(), bleed.copy()
    propagate(pixels, unknown, flow, frames)
    found = np.flatnonzero(bleed & ~unknown)
    return found, pixels.reshape(-1, 3)[found]
