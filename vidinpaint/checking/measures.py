"""Measures of how noticeable the inpainting is, taken from the result alone.

Each compares the inpainted area with the ring of known pixels around it, in grey levels 0..255, frame by frame: does it
change more (or less) over time than its surroundings, is a step visible along its border, is it softer or sharper?
Shapes: pixels float32 (T, h, w, 3) in [0, 1], inpainted bool (T, h, w), True = was inpainted.

Lai et al. 2018, "Learning blind video temporal consistency", section 4.2 (warping error), with the ring in place of
the truth, and motion estimated on the result: the flow that pixels were propagated along agrees with them by design.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from vidinpaint.checking.record import FrameCheck
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.numerics.kernels import kernel
from vidinpaint.numerics.warping import bilinear

RING = 10  # width, in pixels, of the ring around the mask
MAX_WARP_ERROR = 40.0  # grey levels; larger differences along the motion are occlusions, and count as this much
CHANGE_FLOOR, STEP_FLOOR, DETAIL_FLOOR = 0.5, 2.0, 2.0
"""Grey levels added to both sides of a ratio of changes over time, of steps and of fine detail: smaller differences are
invisible, so that flat areas do not count as faults."""
MIN_PIXELS = 30  # a mean over fewer pixels is not used

Motion = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Two grey images uint8 (h, w) -> flow float32 (h, w, 2) from the first to the second, as (dx, dy) pixels."""

Mean = float | None
RING_KERNEL = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * RING + 1, 2 * RING + 1))


def measure(canvas: Canvas, first: int, motion: Motion) -> tuple[FrameCheck, ...]:
    """The frames of a finished crop that have inpainted pixels; `first` is the index of the canvas' frame 0.

    Temporal measures compare a frame with the next one; the last frame has none.
    """
    inpainted = canvas.source != Source.ORIGINAL
    rows, columns = _surroundings(inpainted)
    pixels, source, inpainted = (values[:, rows, columns] for values in (canvas.pixels, canvas.source, inpainted))
    checks: list[FrameCheck] = []
    frame: _Frame | None = None
    for t in range(len(inpainted)):
        if not inpainted[t].any():
            frame = None
            continue
        frame = frame or _Frame(pixels[t], inpainted[t])
        following = _Frame(pixels[t + 1], inpainted[t + 1]) if t + 1 < len(pixels) else None
        temporal = {} if following is None else _temporal(frame, following, motion)
        count, shares = int(np.count_nonzero(inpainted[t])), _shares(source[t])
        checks.append(FrameCheck(first + t, count, shares, **temporal, **_spatial(frame)))
        frame = following
    return tuple(checks)


class _Frame:
    """One frame: grey float32 (h, w) 0..255, and zone uint8 (h, w): 0 elsewhere, 1 ring, 2 inpainted."""

    def __init__(self, pixels: np.ndarray, inpainted: np.ndarray) -> None:
        self.grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY) * np.float32(255)
        inside = inpainted.astype(np.uint8)
        self.zone = cv2.dilate(inside, RING_KERNEL) + inside

    @property
    def eight_bit(self) -> np.ndarray:
        return np.asarray(np.clip(self.grey + 0.5, 0, 255).astype(np.uint8))


def _surroundings(inpainted: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of everything inpainted, with a margin for the ring and for estimating motion."""
    margin = 2 * RING

    def span(axis: int) -> slice:
        positions = np.flatnonzero(inpainted.any(axis=(0, axis)))
        if not positions.size:
            return slice(0, 0)
        return slice(max(0, int(positions[0]) - margin), int(positions[-1]) + 1 + margin)

    return span(2), span(1)


def _temporal(frame: _Frame, following: _Frame, motion: Motion) -> dict[str, Any]:
    """Warping error and flicker, inside and in the ring."""
    flow = motion(frame.eight_bit, following.eight_bit)
    total, count = np.zeros(4), np.zeros(4)
    _add_temporal(frame.grey, following.grey, frame.zone, following.zone, flow, total, count)
    names = ("warp_error_inside", "warp_error_ring", "flicker_inside", "flicker_ring")
    return dict(zip(names, _means(total, count)))


def _spatial(frame: _Frame) -> dict[str, Any]:
    """Seam and sharpness."""
    total, count = np.zeros(4), np.zeros(4)
    _add_spatial(frame.grey, frame.zone, total, count)
    across, beside, inside, ring = _means(total, count)
    return {"seam": _ratio(across, beside, STEP_FLOOR), "sharpness": _ratio(inside, ring, DETAIL_FLOOR)}


def _means(total: np.ndarray, count: np.ndarray) -> list[Mean]:
    return [float(a / n) if n >= MIN_PIXELS else None for a, n in zip(total, count)]


def _ratio(first: Mean, second: Mean, floor: float) -> Mean:
    return None if first is None or second is None else (first + floor) / (second + floor)


def _shares(source: np.ndarray) -> dict[str, float]:
    """Fraction of the inpainted pixels from each source, by name."""
    counts = np.bincount(source[source != Source.ORIGINAL], minlength=len(Source)).tolist()
    total = sum(counts)
    return {kind.name.lower(): counts[kind] / total for kind in Source if counts[kind]}


@kernel
def _add_temporal(grey, following, zone, following_zone, flow, total, count):  # type: ignore[no-untyped-def]
    """Add to total and count (4,): differences along the flow, inside and in the ring; without motion, the same two."""
    H, W = grey.shape
    for y in range(H):
        for x in range(W):
            if zone[y, x] == 0:
                continue
            inside = zone[y, x] == 2
            k = 0 if inside else 1
            if following_zone[y, x] == zone[y, x]:
                total[2 + k] += abs(following[y, x] - grey[y, x])
                count[2 + k] += 1
            target_x, target_y = np.float32(x) + flow[y, x, 0], np.float32(y) + flow[y, x, 1]
            if not (0 <= target_x <= W - 1 and 0 <= target_y <= H - 1):
                continue
            if (following_zone[int(target_y + 0.5), int(target_x + 0.5)] == 2) != inside:
                continue
            total[k] += min(abs(bilinear(following, target_x, target_y) - grey[y, x]), MAX_WARP_ERROR)
            count[k] += 1


@kernel
def _add_spatial(grey, zone, total, count):  # type: ignore[no-untyped-def]
    """Add to total and count (4,): steps across the border, steps beside it, fine detail inside and in the ring."""
    H, W = grey.shape
    for y in range(1, H - 1):
        for x in range(1, W - 1):
            if zone[y, x] == 0:
                continue
            inside = zone[y, x] == 2
            same_zone = 0
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                if (zone[y + dy, x + dx] == 2) == inside:
                    same_zone += 1
                    continue
                inner_y, inner_x = y - dy, x - dx
                if not inside or (zone[inner_y, inner_x] != 2):
                    continue
                outer_y, outer_x = y + 2 * dy, x + 2 * dx
                if not (0 <= outer_y < H and 0 <= outer_x < W) or zone[outer_y, outer_x] == 2:
                    continue
                total[0] += abs(grey[y, x] - grey[y + dy, x + dx])
                count[0] += 1
                inner_step = abs(grey[inner_y, inner_x] - grey[y, x])
                outer_step = abs(grey[outer_y, outer_x] - grey[y + dy, x + dx])
                total[1] += inner_step + outer_step
                count[1] += 2
            if same_zone == 4:
                k = 2 if inside else 3
                neighbours = grey[y - 1, x] + grey[y + 1, x] + grey[y, x - 1] + grey[y, x + 1]
                total[k] += abs(np.float32(4) * grey[y, x] - neighbours)
                count[k] += 1
