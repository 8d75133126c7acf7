"""Following mask pixels along the flow until a frame shows what they hide.

Every mask pixel is followed in both directions of time, with its exact position, to the first frame in which the
pixels around that position are known. Colours are read there once, so that nothing blurs on the way.
"""

from typing import NamedTuple

import numpy as np

from vidinpaint.core.flow_pair import CAMERA_RESTS, FlowPair, camera_motion
from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.numerics.warping import all_known, bilinear_hop, on_grid, sample_colour

MAX_ACCELERATION = 3.0
"""Pixels per frame by which motion relative to the camera may change from one frame to the next: where a point that
rests starts to move, something that moves has covered it."""


class Candidates(NamedTuple):
    """Source pixels found for N mask pixels, forward in time (index 0) and backward (index 1).

    frame     int32 (N, 2): the source frame, -1 for none
    position  float32 (N, 2, 2): position in it, as (x, y) in pixels
    error     float32 (N, 2): forward-backward errors summed along the way
    hops      int32 (N, 2): number of frames followed
    colour    float32 (N, 2, 3) RGB in [0, 1]
    """

    frame: np.ndarray
    position: np.ndarray
    error: np.ndarray
    hops: np.ndarray
    colour: np.ndarray


class _Way(NamedTuple):
    """How to follow pixels in one direction of time: side 0, forward, or 1, backward.

    motion, disagreement  the flow in this direction and its forward-backward errors, in a grid of `size` pixels
    threshold             of the forward-backward error
    camera                float32 (T - 1, 2): motion of the camera
    resting               int16 (T, H, W), see `_resting`
    """

    side: int
    motion: np.ndarray
    disagreement: np.ndarray
    size: int
    threshold: np.float32
    camera: np.ndarray
    resting: np.ndarray


def find_candidates(
    pixels: np.ndarray, unknown: np.ndarray, mask_pixels: MaskPixels, flow: FlowPair, threshold: float
) -> Candidates:
    """Trace the mask pixels; a trace ends without a result where the forward-backward error is above `threshold`.

    pixels float32 (T, H, W, 3); unknown bool (T, H, W): pixels that are no sources.
    """
    count = len(mask_pixels)
    candidates = Candidates(
        frame=np.full((count, 2), -1, np.int32),
        position=np.zeros((count, 2, 2), np.float32),
        error=np.zeros((count, 2), np.float32),
        hops=np.zeros((count, 2), np.int32),
        colour=np.zeros((count, 2, 3), np.float32),
    )
    for side, (motion, disagreement) in enumerate(
        ((flow.forward, flow.forward_error), (flow.backward, flow.backward_error))
    ):
        camera = camera_motion(motion)
        resting = _resting(flow, camera, unknown, side)
        way = _Way(side, motion, disagreement, flow.step, np.float32(threshold), camera, resting)
        run_in_ranges(_trace, len(unknown), unknown, mask_pixels.arrays, way, candidates)
    run_in_ranges(_sample, count, pixels, unknown, candidates)
    return candidates


def _resting(flow: FlowPair, camera: np.ndarray, unknown: np.ndarray, side: int) -> np.ndarray:
    """int16 (T, H, W): number of frames for which a pixel stays in place and unknown, so that a trace may skip them.

    A static mark before a static camera is hidden for the whole window; following it frame by frame costs the square.
    """
    frames = np.zeros(unknown.shape, np.int16)
    still = np.abs(camera).max(1, initial=0) < CAMERA_RESTS
    if still.any():
        motion = (flow.forward, flow.backward)[side]
        moves = (motion[..., 0] != 0) | (motion[..., 1] != 0) | ((flow.forward_error, flow.backward_error)[side] != 0)
        run_in_ranges(_count_resting, unknown.shape[1], moves, flow.step, unknown, still, side, frames)
    return frames


@kernel
def _count_resting(start, stop, moves, size, unknown, still, side, frames):  # type: ignore[no-untyped-def]
    pairs, rows, columns = moves.shape
    W = unknown.shape[2]
    for row in range(start, stop):
        j = on_grid(np.float32(row), rows, size)
        j0, j1 = int(j), int(np.ceil(j))
        for step in range(pairs):
            pair = step if side == 1 else pairs - 1 - step
            frame_now, partner = pair + side, pair + 1 - side
            if not still[pair]:
                continue
            for x in range(W):
                if not unknown[partner, row, x]:
                    continue
                i = on_grid(np.float32(x), columns, size)
                i0, i1 = int(i), int(np.ceil(i))
                if not (moves[pair, j0, i0] or moves[pair, j0, i1] or moves[pair, j1, i0] or moves[pair, j1, i1]):
                    frames[frame_now, row, x] = frames[partner, row, x] + 1


@kernel
def _trace(start, stop, unknown, mask_pixels, way, candidates):  # type: ignore[no-untyped-def]
    offsets, ys, xs = mask_pixels
    side, motion, disagreement, size, threshold, camera, resting = way
    frame, position, error, hops, _ = candidates
    T, H, W = unknown.shape
    _, rows, columns = disagreement.shape
    step = 1 if side == 0 else -1
    allowed = np.float32(MAX_ACCELERATION)
    for t in range(start, stop):
        for k in range(offsets[t], offsets[t + 1]):
            x, y = np.float32(xs[k]), np.float32(ys[k])
            total, frame_now, hops_now = np.float32(0), t, 0
            relative_x, relative_y = np.float32(0), np.float32(0)
            while 0 <= frame_now + step < T:
                skipped = int(resting[frame_now, int(y), int(x)])
                if skipped > 0 and x == int(x) and y == int(y):
                    frame_now, hops_now = frame_now + step * skipped, hops_now + skipped
                    relative_x, relative_y = np.float32(0), np.float32(0)
                    continue
                pair = frame_now if side == 0 else frame_now - 1
                dx, dy, disagrees = bilinear_hop(
                    motion[pair], disagreement[pair], on_grid(x, columns, size), on_grid(y, rows, size)
                )
                if disagrees > threshold:
                    break
                before_x, before_y = relative_x, relative_y
                relative_x, relative_y = dx - camera[pair, 0], dy - camera[pair, 1]
                if hops_now > 0 and np.hypot(relative_x - before_x, relative_y - before_y) > allowed:
                    break
                x, y = x + dx, y + dy
                frame_now, hops_now, total = frame_now + step, hops_now + 1, total + disagrees
                if not (0 <= x <= W - 1 and 0 <= y <= H - 1):
                    break
                if all_known(unknown[frame_now], x, y, np.int64(0)):
                    frame[k, side], hops[k, side], error[k, side] = frame_now, hops_now, total
                    position[k, side, 0], position[k, side, 1] = x, y
                    break


@kernel
def _sample(start, stop, pixels, unknown, candidates):  # type: ignore[no-untyped-def]
    frame, position, colour = candidates.frame, candidates.position, candidates.colour
    for k in range(start, stop):
        for side in range(2):
            source = frame[k, side]
            if source >= 0:
                sample_colour(
                    pixels[source], unknown[source], position[k, side, 0], position[k, side, 1], colour[k, side]
                )
