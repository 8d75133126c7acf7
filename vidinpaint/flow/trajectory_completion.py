"""Trajectory completion: motion through the masks over many frames, from what is known before and after.

A mask pixel is given a velocity relative to the background's plane and followed at that velocity in both directions of
time until it leaves the mask. The two ends must look alike and move at the same velocity. Candidate velocities come
from the pixel's neighbours in space and time, from the background and from random changes; the cheapest is used:

    cost = min(mean |I_ahead - I_behind|, 25) over 5 x 5 samples 2 pixels apart
           + END_WEIGHT |velocities at the ends - v| + SMOOTH_WEIGHT sum over 4 neighbours min(|v_n - v|, 2)

Beside a mask, where flow is unreliable, one of the two ends is the pixel itself. Search by propagation and random
changes after Barnes et al. 2009 (PatchMatch). The constant velocity between the sides of a gap of Huang et al. 2016
(Temporally coherent completion of dynamic video) is replaced by one velocity through the gap: cheaper, without drift.
"""

from typing import NamedTuple

import cv2
import numpy as np

from vidinpaint.flow.planar import planar_motion
from vidinpaint.numerics.kernels import inner, kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.numerics.morphology import dilate
from vidinpaint.numerics.warping import bilinear

GRID = 4  # pixels between the velocities that are optimised; the others are interpolated
SWEEPS = 2  # passes over all grid points
REACH = 20  # frames that a trajectory is followed in each direction
UNKNOWN_COST = np.float32(12)  # cost, in grey levels, of a velocity whose ends cannot be compared
MAX_DIFFERENCE = np.float32(25)  # grey levels: limit of one sample's cost
MIN_SAMPLES = 6  # known samples that a comparison of two patches needs
END_WEIGHT, SMOOTH_WEIGHT = np.float32(2), np.float32(1.5)  # of the terms of the cost, see above

NO_GUESS = np.zeros((0, 0, 0, 2), np.float32)  # stands for no third guess
MAX_VELOCITY_DIFFERENCE = np.float32(2)  # pixels per frame: limit of the difference of two velocities


class _Clip(NamedTuple):
    """What does not change during the search; the arguments of `join_sides`, `hidden` the masks grown by a pixel."""

    grey: np.ndarray
    hidden: np.ndarray
    ahead: np.ndarray
    behind: np.ndarray


class _Guesses(NamedTuple):
    """Velocities to try; `third` at the grid points only."""

    first: np.ndarray
    second: np.ndarray
    third: np.ndarray


def join_sides(velocity: np.ndarray, other: np.ndarray, region: np.ndarray, masks: np.ndarray, grey: np.ndarray,
               ahead: np.ndarray, behind: np.ndarray, third_guess: np.ndarray = NO_GUESS) -> np.ndarray:  # fmt: skip
    """float32 (T, H, W, 2): velocities per frame relative to the background's plane; a new array.

    velocity  float32 (T, H, W, 2): a first guess, correct outside `region` bool (T, H, W)
    other     float32 (T, H, W, 2): a second guess
    masks     bool (T, H, W); grey float32 (T, H, W) in 0..255
    ahead     float64 (T - 1, 8): planes from frame t to t + 1 (`planar.py`); `behind` from t + 1 to t
    third_guess  float32 (T, h, w, 2): every `GRID` pixels; empty: none
    """
    clip = _Clip(grey, dilate(masks, 1, "square"), ahead, behind)
    guesses = _Guesses(velocity, other, third_guess)
    on_grid = np.zeros_like(region)
    on_grid[:, ::GRID, ::GRID] = region[:, ::GRID, ::GRID]
    pixels = MaskPixels.of(on_grid)
    joined = velocity.copy()
    for sweep in range(SWEEPS):
        run_in_ranges(_sweep, len(masks), clip, pixels.arrays, guesses, joined.copy(), joined, sweep)
    return _interpolate(joined, region)


def _interpolate(velocity: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Interpolate the grid points' velocities, without outliers, in all pixels of `region`; in place."""
    to_pixels = np.array([[GRID, 0, 0], [0, GRID, 0]], np.float32)
    height, width = velocity.shape[1:3]
    for field, part in zip(velocity, region):
        if part.any():
            components = [cv2.medianBlur(np.ascontiguousarray(field[::GRID, ::GRID, c]), 3) for c in (0, 1)]
            smooth = cv2.warpAffine(
                np.stack(components, -1), to_pixels, (width, height), flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )  # fmt: skip
            field[part] = smooth[part]
    return velocity


@inner
def _follow(planes, hidden, t, x, y, vx, vy, step):  # type: ignore[no-untyped-def]
    """First frame in which the moving point is known, or -1, and its float64 x, y in that frame."""
    T, H, W = hidden.shape
    frame = t
    for _ in range(REACH):
        if not 0 <= frame + step < T:
            return -1, x, y
        dx, dy = planar_motion(planes, frame if step > 0 else frame - 1, x, y, H, W)
        x += dx + step * vx
        y += dy + step * vy
        frame += step
        if not (0 <= x <= W - 1 and 0 <= y <= H - 1):
            return -1, x, y
        if not hidden[frame, int(y + np.float32(0.5)), int(x + np.float32(0.5))]:
            return frame, x, y
    return -1, x, y


@inner
def _patch_difference(grey, hidden, one, one_x, one_y, other, other_x, other_y):  # type: ignore[no-untyped-def]
    """Mean grey difference of two patches; -1 if too few of their samples are known."""
    _, H, W = hidden.shape
    half = np.float32(0.5)
    total, count = np.float32(0), 0
    for j in range(-4, 5, 2):
        for i in range(-4, 5, 2):
            px, py, qx, qy = one_x + i, one_y + j, other_x + i, other_y + j
            if px < 0 or py < 0 or px > W - 1 or py > H - 1 or qx < 0 or qy < 0 or qx > W - 1 or qy > H - 1:
                continue
            if hidden[one, int(py + half), int(px + half)] or hidden[other, int(qy + half), int(qx + half)]:
                continue
            total += min(abs(bilinear(grey[one], px, py) - bilinear(grey[other], qx, qy)), MAX_DIFFERENCE)
            count += 1
    return total / np.float32(count) if count >= MIN_SAMPLES else np.float32(-1)


@inner
def _cost(clip, velocity, t, x, y, vx, vy):  # type: ignore[no-untyped-def]
    """The cost of a velocity: how much the two ends of its trajectory differ in grey levels and in velocity."""
    grey, hidden, ahead, behind = clip
    at_x, at_y = np.float64(x), np.float64(y)
    one, one_x, one_y = _follow(ahead, hidden, t, at_x, at_y, vx, vy, np.int64(1))
    other, other_x, other_y = _follow(behind, hidden, t, at_x, at_y, vx, vy, np.int64(-1))
    cost = UNKNOWN_COST
    known = not hidden[t, y, x]
    ends_cost, ends = np.float32(0), 0
    for _ in range(2):
        if known and one >= 0:  # the other end is the pixel itself, and occlusion may hide one of the two
            difference = _patch_difference(grey, hidden, t, at_x, at_y, one, one_x, one_y)
            cost = min(cost, difference) if difference >= 0 else cost
        elif one >= 0:
            row, column = int(one_y + np.float32(0.5)), int(one_x + np.float32(0.5))
            ends_cost += _velocity_difference(velocity, one, row, column, vx, vy)
            ends += 1
        one, one_x, one_y, other, other_x, other_y = other, other_x, other_y, one, one_x, one_y
    if known:
        return cost
    if one >= 0 and other >= 0:
        difference = _patch_difference(grey, hidden, one, one_x, one_y, other, other_x, other_y)
        cost = difference if difference >= 0 else cost
    return cost + END_WEIGHT * (ends_cost / np.float32(ends) if ends else np.float32(1))


@inner
def _velocity_difference(velocity, t, y, x, vx, vy):  # type: ignore[no-untyped-def]
    return min(abs(velocity[t, y, x, 0] - vx) + abs(velocity[t, y, x, 1] - vy), MAX_VELOCITY_DIFFERENCE)


@inner
def _roughness(velocity, t, y, x, vx, vy):  # type: ignore[no-untyped-def]
    _, H, W, _ = velocity.shape
    total = np.float32(0)
    if y >= GRID:
        total += _velocity_difference(velocity, t, y - GRID, x, vx, vy)
    if y + GRID < H:
        total += _velocity_difference(velocity, t, y + GRID, x, vx, vy)
    if x >= GRID:
        total += _velocity_difference(velocity, t, y, x - GRID, vx, vy)
    if x + GRID < W:
        total += _velocity_difference(velocity, t, y, x + GRID, vx, vy)
    return SMOOTH_WEIGHT * total


@inner
def _background(ahead, behind, t, step, x, y, H, W):  # type: ignore[no-untyped-def]
    """The plane's motion at a pixel to the frame after (step 1) or before (-1)."""
    if step > 0:
        return planar_motion(ahead, t, np.float64(x), np.float64(y), H, W)
    return planar_motion(behind, t - 1, np.float64(x), np.float64(y), H, W)


@inner
def _random(entry, number):  # type: ignore[no-untyped-def]
    """Two numbers in -1..1 that depend on nothing but the arguments."""
    state = entry * 7919 + number * 104729
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    scale, one = np.float32(1 / 511.5), np.float32(1)
    return np.float32((state >> 8) & 1023) * scale - one, np.float32((state >> 18) & 1023) * scale - one


@kernel
def _sweep(start, stop, clip, grid_points, guesses, before, joined, sweep):  # type: ignore[no-untyped-def]
    """One pass over all grid points, in alternating order; other frames are read from `before`."""
    offsets, ys, xs = grid_points
    first_guess, second_guess, third_guess = guesses
    T, H, W = clip.hidden.shape
    back = -GRID if sweep % 2 == 0 else GRID
    for t in range(start, stop):
        for entry in range(offsets[t], offsets[t + 1]):
            k = entry if sweep % 2 == 0 else offsets[t] + offsets[t + 1] - 1 - entry
            y, x = np.int64(ys[k]), np.int64(xs[k])
            vx, vy = joined[t, y, x, 0], joined[t, y, x, 1]
            least = np.float32(np.inf)
            for number in range(-1, 12 + (len(third_guess) > 0)):
                new_x, new_y = vx, vy
                if number < 0:  # the velocity so far, to be compared with
                    pass
                elif number < 4:  # neighbours visited just before, near and far
                    far = back if number < 2 else 6 * back
                    j, i = (y, x + far) if number % 2 == 0 else (y + far, x)
                    if not (0 <= i < W and 0 <= j < H):
                        continue
                    new_x, new_y = joined[t, j, i, 0], joined[t, j, i, 1]
                elif number == 4:
                    new_x, new_y = first_guess[t, y, x, 0], first_guess[t, y, x, 1]
                elif number == 5:
                    new_x, new_y = np.float32(0), np.float32(0)
                elif number == 6:
                    new_x, new_y = second_guess[t, y, x, 0], second_guess[t, y, x, 1]
                elif number < 9:  # the frame after and the one before
                    step = 1 if number == 7 else -1
                    if not 0 <= t + step < T:
                        continue
                    dx, dy = _background(clip.ahead, clip.behind, t, step, x, y, H, W)
                    next_x = int(x + dx + step * vx + 0.5) // GRID * GRID
                    next_y = int(y + dy + step * vy + 0.5) // GRID * GRID
                    if not (0 <= next_x < W and 0 <= next_y < H):
                        continue
                    new_x, new_y = before[t + step, next_y, next_x, 0], before[t + step, next_y, next_x, 1]
                elif number == 12:
                    new_x, new_y = third_guess[t, y // GRID, x // GRID, 0], third_guess[t, y // GRID, x // GRID, 1]
                else:
                    change_x, change_y = _random(k, number + 12 * sweep)
                    size = np.float32(1) / np.float32(1 << 2 * (number - 9))
                    new_x, new_y = vx + change_x * size, vy + change_y * size
                if number >= 0 and new_x == vx and new_y == vy:
                    continue
                cost = _roughness(joined, t, y, x, new_x, new_y)
                if cost < least:
                    cost += _cost(clip, before, t, x, y, new_x, new_y)
                if cost < least:
                    least, vx, vy = cost, new_x, new_y
            joined[t, y, x, 0], joined[t, y, x, 1] = vx, vy
