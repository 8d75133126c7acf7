"""Propagating known pixels into the masks along the flow: trace, fuse, soften, close the seams; strict, then lenient."""

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
AT_ONCE = 1_000_000  # mask pixels; each takes 200 bytes while it is looked for
SURE = 0.97  # confidence from which on nothing smooth is mixed in
STRICT, LENIENT = 1.0, 40.0  # forward-backward error (1 = consistent) at which a trace ends


def propagate(pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, frames: slice = ALL) -> None:
    """Fill, in place, what any frame shows: first along consistent flow, then what is left along doubtful flow.

    pixels float32 (T, H, W, 3), unknown bool (T, H, W): cleared where a pixel was found. What the strict round
    inpainted serves the lenient one as known. frames: those to fill; the others only give what they show.
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
    """One round of `propagate` at one threshold; `trusted`: nothing smooth is mixed in."""
    start, stop, _ = frames.indices(len(unknown))
    count = -(-int(np.count_nonzero(unknown[frames])) // AT_ONCE)
    hidden = unknown.copy() if count > 1 else unknown
    for part in range(count):
        wanted = MaskPixels.of(unknown, slice(start + part, stop, count))
        if len(wanted):
            _propagate_part(pixels, hidden, unknown, wanted, flow, threshold, trusted)


def _propagate_part(
    pixels: np.ndarray,
    hidden: np.ndarray,
    unknown: np.ndarray,
    wanted: MaskPixels,
    flow: FlowPair,
    threshold: float,
    trusted: bool,
) -> None:
    """As `propagate_once`, for all wanted pixels of some frames; what is `hidden` bool (T, H, W) serves nothing."""
    candidates = find_candidates(pixels, hidden, wanted, flow, threshold)
    weights = candidate_weights(candidates)
    found = weights.sum(1) > 0
    if not found.any():
        return
    target = fuse(candidates, weights)
    index = wanted.index_map(unknown.shape)
    apart = local_difference(index, wanted, candidates, weights)
    share = np.ones(len(wanted), np.float32)
    if not trusted:
        share = confidence(candidates, weights, apart, threshold <= STRICT)
        doubted = found & (share < SURE)
        smooth = _smooth(pixels, hidden, wanted, doubted)
        target[doubted] = smooth + share[doubted, None] * (target[doubted] - smooth)
    t, y, x = wanted.t[found], wanted.y[found], wanted.x[found]
    pixels[t, y, x] = target[found]
    close_seams(pixels, hidden, wanted, index, candidates, weights, target, apart, share)
    pixels[t, y, x] = np.clip(pixels[t, y, x], 0, 1)
    unknown[t, y, x] = False


def _smooth(pixels: np.ndarray, unknown: np.ndarray, wanted: MaskPixels, which: np.ndarray) -> np.ndarray:
    """float32 (n, 3): the smooth fill of some of the wanted pixels, `which` bool (N,)."""
    t, y, x = wanted.t[which], wanted.y[which], wanted.x[which]
    frames = np.unique(t)
    columns, rows, width, height = cv2.boundingRect(unknown[frames].any(0).astype(np.uint8))
    top, left = max(0, rows - AROUND), max(0, columns - AROUND)
    here = (frames, slice(top, rows + height + AROUND), slice(left, columns + width + AROUND))
    inpainted = smooth_interpolation(pixels[here], unknown[here], ROUGH)
    return np.asarray(inpainted[np.searchsorted(frames, t), y - top, x - left])
