"""Propagation of known pixels into the masks along the flow: trace, fuse, mix by confidence, close the seams."""

import cv2
import numpy as np

from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.numerics.laplace import AROUND, ROUGH, smooth_interpolation
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.propagation.confidence import confidence, local_difference
from vidinpaint.propagation.fuse import candidate_weights, fuse
from vidinpaint.propagation.seams import close_seams
from vidinpaint.propagation.trace import find_candidates

ALL = slice(None)
CHUNK = 1_000_000  # mask pixels per round; each takes 200 bytes
FULL_CONFIDENCE = 0.97  # confidence above which no smooth interpolation is mixed in
STRICT, LENIENT = 1.0, 40.0  # forward-backward error (1 = consistent) at which a trace ends


def propagate(pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, frames: slice = ALL) -> None:
    """Propagate, in place, what any frame shows: first along consistent flow, then the rest along inconsistent flow.

    pixels float32 (T, H, W, 3), unknown bool (T, H, W): set to False where a pixel was found. Pixels found in the
    strict round are known to the lenient one. frames: those to complete; the others are only sources.
    """
    for threshold in (STRICT, LENIENT):
        propagate_once(pixels, unknown, flow, threshold, frames=frames)


def propagate_once(
    pixels: np.ndarray,
    unknown: np.ndarray,
    flow: FlowPair,
    threshold: float,
    trusted: bool = False,
    frames: slice = ALL,
) -> None:
    """One round of `propagate` at one threshold; `trusted`: no smooth interpolation is mixed in."""
    start, stop, _ = frames.indices(len(unknown))
    count = -(-int(np.count_nonzero(unknown[frames])) // CHUNK)
    hidden = unknown.copy() if count > 1 else unknown
    for part in range(count):
        mask_pixels = MaskPixels.of(unknown, slice(start + part, stop, count))
        if len(mask_pixels):
            _propagate_part(pixels, hidden, unknown, mask_pixels, flow, threshold, trusted)


def _propagate_part(
    pixels: np.ndarray,
    hidden: np.ndarray,
    unknown: np.ndarray,
    mask_pixels: MaskPixels,
    flow: FlowPair,
    threshold: float,
    trusted: bool,
) -> None:
    """As `propagate_once`, for the given mask pixels; `hidden` bool (T, H, W): pixels that are no sources."""
    candidates = find_candidates(pixels, hidden, mask_pixels, flow, threshold)
    weights = candidate_weights(candidates)
    found = weights.sum(1) > 0
    if not found.any():
        return
    target = fuse(candidates, weights)
    index = mask_pixels.index_map(unknown.shape)
    difference = local_difference(index, mask_pixels, candidates, weights)
    weight = np.ones(len(mask_pixels), np.float32)
    if not trusted:
        weight = confidence(candidates, weights, difference, threshold <= STRICT)
        uncertain = found & (weight < FULL_CONFIDENCE)
        smooth = _interpolated(pixels, hidden, mask_pixels, uncertain)
        target[uncertain] = smooth + weight[uncertain, None] * (target[uncertain] - smooth)
    t, y, x = mask_pixels.t[found], mask_pixels.y[found], mask_pixels.x[found]
    pixels[t, y, x] = target[found]
    close_seams(pixels, hidden, mask_pixels, index, candidates, weights, target, difference, weight)
    pixels[t, y, x] = np.clip(pixels[t, y, x], 0, 1)
    unknown[t, y, x] = False


def _interpolated(pixels: np.ndarray, unknown: np.ndarray, mask_pixels: MaskPixels, selected: np.ndarray) -> np.ndarray:
    """float32 (n, 3): smooth interpolation at some of the mask pixels, `selected` bool (N,)."""
    t, y, x = mask_pixels.t[selected], mask_pixels.y[selected], mask_pixels.x[selected]
    frames = np.unique(t)
    columns, rows, width, height = cv2.boundingRect(unknown[frames].any(0).astype(np.uint8))
    top, left = max(0, rows - AROUND), max(0, columns - AROUND)
    region = (frames, slice(top, rows + height + AROUND), slice(left, columns + width + AROUND))
    result = smooth_interpolation(pixels[region], unknown[region], ROUGH)
    return np.asarray(result[np.searchsorted(frames, t), y - top, x - left])
