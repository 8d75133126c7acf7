"""Following mask pixels along the flow until a frame shows what they hide.

Every mask pixel is followed in both directions of time, with its exact position, to the first frame in which the
pixels around that position are known. Colours are read there once, so that nothing blurs on the way.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.flow_pair import CAMERA_RESTS, FlowPair, camera_motion
from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.numerics.warping import all_known, bilinear_hop, on_grid, sample_colour

JERK = 3.0
"""Pixels a frame by which a motion, the camera's aside, may change from one frame to the next: what rests and then
moves was covered by something that moves."""


@dataclass(frozen=True)
class Candidates:
    """What was found for N mask pixels, forward in time (index 0) and backward (index 1).

    frame     int32 (N, 2): the frame that shows it, -1 for none
    position  float32 (N, 2, 2): where, as (x, y)
    error     float32 (N, 2): forward-backward errors summed along the way
    hops      int32 (N, 2): frames gone
    colour    float32 (N, 2, 3)
    """

    frame: np.ndarray
    position: np.ndarray
    error: np.ndarray
    hops: np.ndarray
    colour: np.ndarray


def find_candidates(
    pixels: np.ndarray, unknown: np.ndarray, wanted: MaskPixels, flow: FlowPair, threshold: float
) -> Candidates:
    """Trace the wanted pixels; a trace ends without result where the flow's error is over `threshold`.

    pixels float32 (T, H, W, 3); unknown bool (T, H, W): what may not serve as a source.
    """
    count = len(wanted)
    frame = np.full((count, 2), -1, np.int32)
    position = np.zeros((count, 2, 2), np.float32)
    error = np.zeros((count, 2), np.float32)
    hops = np.zeros((count, 2), np.int32)
    colour = np.zeros((count, 2, 3), np.float32)
    for side, (motion, disagreement) in enumerate(
        ((flow.forward, flow.forward_error), (flow.backward, flow.backward_error))
    ):
        camera = camera_motion(motion)
        resting = _resting(flow, camera, unknown, side)
        run_in_ranges(
            _trace, len(unknown), motion, camera, disagreement, flow.step, unknown, resting,
            wanted.offsets, wanted.y, wanted.x, side, np.float32(threshold), frame, position, error, hops,
        )  # fmt: skip
    run_in_ranges(_sample, count, pixels, unknown, frame, position, colour)
    return Candidates(frame, position, error, hops, colour)


def _resting(flow: FlowPair, camera: np.ndarray, unknown: np.ndarray, side: int) -> np.ndarray:
    """int16 (T, H, W): for how many frames a pixel stays where it is and unknown, so that a trace may skip them.

    A still mark on a still camera is hidden for the whole window; followed frame by frame it costs the square of that.
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
            here, there = pair + side, pair + 1 - side
            if not still[pair]:
                continue
            for x in range(W):
                if not unknown[there, row, x]:
                    continue
                i = on_grid(np.float32(x), columns, size)
                i0, i1 = int(i), int(np.ceil(i))
                if not (moves[pair, j0, i0] or moves[pair, j0, i1] or moves[pair, j1, i0] or moves[pair, j1, i1]):
                    frames[here, row, x] = frames[there, row, x] + 1


@kernel
def _trace(  # type: ignore[no-untyped-def]
    start, stop, motion, camera, disagreement, size, unknown, resting, offsets, ys, xs, side, threshold,
    frame, position, error, hops,
):  # fmt: skip
    T, H, W = unknown.shape
    _, rows, columns = disagreement.shape
    step = 1 if side == 0 else -1
    allowed = np.float32(JERK)
    for t in range(start, stop):
        for k in range(offsets[t], offsets[t + 1]):
            x, y = np.float32(xs[k]), np.float32(ys[k])
            total, here, gone = np.float32(0), t, 0
            own_x, own_y = np.float32(0), np.float32(0)
            while 0 <= here + step < T:
                skipped = int(resting[here, int(y), int(x)])
                if skipped > 0 and x == int(x) and y == int(y):
                    here, gone = here + step * skipped, gone + skipped
                    own_x, own_y = np.float32(0), np.float32(0)
                    continue
                pair = here if side == 0 else here - 1
                dx, dy, disagrees = bilinear_hop(
                    motion[pair], disagreement[pair], on_grid(x, columns, size), on_grid(y, rows, size)
                )
                if disagrees > threshold:
                    break
                before_x, before_y = own_x, own_y
                own_x, own_y = dx - camera[pair, 0], dy - camera[pair, 1]
                if gone > 0 and np.hypot(own_x - before_x, own_y - before_y) > allowed:
                    break
                x, y = x + dx, y + dy
                here, gone, total = here + step, gone + 1, total + disagrees
                if not (0 <= x <= W - 1 and 0 <= y <= H - 1):
                    break
                if all_known(unknown[here], x, y, np.int64(0)):
                    frame[k, side], hops[k, side], error[k, side] = here, gone, total
                    position[k, side, 0], position[k, side, 1] = x, y
                    break


@kernel
def _sample(start, stop, pixels, unknown, frame, position, colour):  # type: ignore[no-untyped-def]
    for k in range(start, stop):
        for side in range(2):
            source = frame[k, side]
            if source >= 0:
                sample_colour(
                    pixels[source], unknown[source], position[k, side, 0], position[k, side, 1], colour[k, side]
                )
