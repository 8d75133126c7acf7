"""Carrying known pixels into the holes along the flow: trace, fuse, soften, close the seams; strict, then lenient."""

import cv2
import numpy as np

from vidinpaint.flow_pair import FlowPair
from vidinpaint.hole_pixels import HolePixels
from vidinpaint.laplace import AROUND, ROUGH, smooth_fill
from vidinpaint.propagation.belief import belief, local_difference
from vidinpaint.propagation.fuse import candidate_weights, fuse
from vidinpaint.propagation.seams import close_seams
from vidinpaint.propagation.trace import find_candidates

ALL = slice(None)
AT_ONCE = 1_000_000  # hole pixels; each takes 200 bytes while it is looked for
SURE = 0.97  # belief from which on nothing smooth is mixed in
STRICT, LENIENT = 1.0, 40.0  # forward-backward error (1 = consistent) at which a trace ends


def carry(pixels: np.ndarray, unknown: np.ndarray, flow: FlowPair, frames: slice = ALL) -> None:
    """Fill, in place, what any frame shows: first along consistent flow, then what is left along doubtful flow.

    pixels float32 (T, H, W, 3), unknown bool (T, H, W): cleared where a pixel was found. What the strict round
    filled serves the lenient one as known. frames: those to fill; the others only give what they show.
    """
    for threshold in (STRICT, LENIENT):
        carry_once(pixels, unknown, flow, threshold, frames=frames)


def carry_once(
    pixels: np.ndarray,
    unknown: np.ndarray,
    flow: FlowPair,
    threshold: float,
    believed: bool = False,
    frames: slice = ALL,
) -> None:
    """One round of `carry` at one threshold; `believed`: nothing smooth is mixed in."""
    start, stop, _ = frames.indices(len(unknown))
    count = -(-int(np.count_nonzero(unknown[frames])) // AT_ONCE)
    hidden = unknown.copy() if count > 1 else unknown
    for part in range(count):
        wanted = HolePixels.of(unknown, slice(start + part, stop, count))
        if len(wanted):
            _carry_part(pixels, hidden, unknown, wanted, flow, threshold, believed)


def _carry_part(
    pixels: np.ndarray,
    hidden: np.ndarray,
    unknown: np.ndarray,
    wanted: HolePixels,
    flow: FlowPair,
    threshold: float,
    believed: bool,
) -> None:
    """As `carry_once`, for all wanted pixels of some frames; what is `hidden` bool (T, H, W) serves nothing."""
    candidates = find_candidates(pixels, hidden, wanted, flow, threshold)
    weights = candidate_weights(candidates)
    found = weights.sum(1) > 0
    if not found.any():
        return
    target = fuse(candidates, weights)
    index = wanted.index_map(unknown.shape)
    apart = local_difference(index, wanted, candidates, weights)
    share = np.ones(len(wanted), np.float32)
    if not believed:
        share = belief(candidates, weights, apart, threshold <= STRICT)
        doubted = found & (share < SURE)
        smooth = _smooth(pixels, hidden, wanted, doubted)
        target[doubted] = smooth + share[doubted, None] * (target[doubted] - smooth)
    t, y, x = wanted.t[found], wanted.y[found], wanted.x[found]
    pixels[t, y, x] = target[found]
    close_seams(pixels, hidden, wanted, index, candidates, weights, target, apart, share)
    pixels[t, y, x] = np.clip(pixels[t, y, x], 0, 1)
    unknown[t, y, x] = False


def _smooth(pixels: np.ndarray, unknown: np.ndarray, wanted: HolePixels, which: np.ndarray) -> np.ndarray:
    """float32 (n, 3): the smooth fill of some of the wanted pixels, `which` bool (N,)."""
    t, y, x = wanted.t[which], wanted.y[which], wanted.x[which]
    frames = np.unique(t)
    columns, rows, width, height = cv2.boundingRect(unknown[frames].any(0).astype(np.uint8))
    top, left = max(0, rows - AROUND), max(0, columns - AROUND)
    here = (frames, slice(top, rows + height + AROUND), slice(left, columns + width + AROUND))
    filled = smooth_fill(pixels[here], unknown[here], ROUGH)
    return np.asarray(filled[np.searchsorted(frames, t), y - top, x - left])
