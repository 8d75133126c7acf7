"""Measures of how much what was inpainted gives itself away, taken from the result alone.

Each compares the inpainted area with the ring of known pixels around it, in grey levels 0..255, frame by frame: does it
change more (or less) over time than its surroundings, does a step show along its border, is it softer or harsher?
Shapes: pixels float32 (T, h, w, 3) in [0, 1], inpainted bool (T, h, w), True = was inpainted.

Lai et al. 2018, "Learning blind video temporal consistency", section 4.2 (warping error), with the ring in place of
the truth, and motion estimated on the result: the flow that pixels were propagated along agrees with them by design.
"""

from collections.abc import Callable

import cv2
import numpy as np

from vidinpaint.checking.record import FrameCheck
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.numerics.kernels import kernel
from vidinpaint.numerics.warping import bilinear

RING = 10  # pixels round the masks that they are compared with
LARGEST = 40.0  # grey levels; larger differences along the motion are occlusions, and count as this much
CHANGE_FLOOR, STEP_FLOOR, DETAIL_FLOOR = 0.5, 2.0, 2.0
"""Grey levels added to both sides of a ratio of changes over time, of steps, of fine detail: less is not seen, so flat
areas are no reason for alarm."""
FEWEST = 30  # pixels; means over fewer say nothing

Motion = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Two grey pictures uint8 (h, w) -> flow float32 (h, w, 2) from the first to the second, as (dx, dy) pixels."""

Mean = float | None
KERNEL = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * RING + 1, 2 * RING + 1))


def measure(canvas: Canvas, first: int, motion: Motion) -> tuple[FrameCheck, ...]:
    """The frames of a finished crop that have something inpainted; `first` is the index of the canvas' frame 0.

    Temporal measures compare a frame with the one after it; the last has none.
    """
    inpainted = canvas.source != Source.ORIGINAL
    rows, columns = _near(inpainted)
    pixels, source, inpainted = (values[:, rows, columns] for values in (canvas.pixels, canvas.source, inpainted))
    checks: list[FrameCheck] = []
    now: _Picture | None = None
    for t in range(len(inpainted)):
        if not inpainted[t].any():
            now = None
            continue
        now = now or _Picture(pixels[t], inpainted[t])
        following = _Picture(pixels[t + 1], inpainted[t + 1]) if t + 1 < len(pixels) else None
        change = (None, None, None, None) if following is None else _change(now, following, motion)
        checks.append(
            FrameCheck(first + t, int(np.count_nonzero(inpainted[t])), *change, *_standstill(now), _shares(source[t]))
        )
        now = following
    return tuple(checks)


class _Picture:
    """One frame: grey 0..255, and its zones: 0 elsewhere, 1 ring, 2 inpainted."""

    def __init__(self, pixels: np.ndarray, inpainted: np.ndarray) -> None:
        self.grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY) * np.float32(255)
        inside = inpainted.astype(np.uint8)
        self.zone = cv2.dilate(inside, KERNEL) + inside

    @property
    def eight_bit(self) -> np.ndarray:
        return np.asarray(np.clip(self.grey + 0.5, 0, 255).astype(np.uint8))


def _near(inpainted: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns that hold everything inpainted, with room for the ring and for motion to be seen in."""
    room = 2 * RING

    def span(axis: int) -> slice:
        places = np.flatnonzero(inpainted.any(axis=(0, axis)))
        return slice(max(0, int(places[0]) - room), int(places[-1]) + 1 + room) if places.size else slice(0, 0)

    return span(2), span(1)


def _change(now: _Picture, following: _Picture, motion: Motion) -> tuple[Mean, Mean, Mean, Mean]:
    """Warp inside and in the ring, flicker inside and in the ring."""
    flow = motion(now.eight_bit, following.eight_bit)
    total, count = np.zeros(4), np.zeros(4)
    _compare(now.grey, following.grey, now.zone, following.zone, flow, total, count)
    return _means(total, count)


def _standstill(picture: _Picture) -> tuple[Mean, Mean]:
    """Seam and sharpness."""
    total, count = np.zeros(4), np.zeros(4)
    _look_at(picture.grey, picture.zone, total, count)
    across, beside, inside, ring = _means(total, count)
    return _ratio(across, beside, STEP_FLOOR), _ratio(inside, ring, DETAIL_FLOOR)


def _means(total: np.ndarray, count: np.ndarray) -> tuple[Mean, Mean, Mean, Mean]:
    first, second, third, fourth = (float(a / n) if n >= FEWEST else None for a, n in zip(total, count))
    return first, second, third, fourth


def _ratio(one: Mean, other: Mean, floor: float) -> Mean:
    return None if one is None or other is None else (one + floor) / (other + floor)


def _shares(source: np.ndarray) -> dict[str, float]:
    counts = np.bincount(source[source != Source.ORIGINAL], minlength=len(Source)).tolist()
    total = sum(counts)
    return {kind.name.lower(): counts[kind] / total for kind in Source if counts[kind]}


@kernel
def _compare(grey, following, zone, following_zone, flow, total, count):  # type: ignore[no-untyped-def]
    """total, count (4,): difference along the flow inside and in the ring, difference in place likewise."""
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
            there_x, there_y = np.float32(x) + flow[y, x, 0], np.float32(y) + flow[y, x, 1]
            if not (0 <= there_x <= W - 1 and 0 <= there_y <= H - 1):
                continue
            if (following_zone[int(there_y + 0.5), int(there_x + 0.5)] == 2) != inside:
                continue
            total[k] += min(abs(bilinear(following, there_x, there_y) - grey[y, x]), LARGEST)
            count[k] += 1


@kernel
def _look_at(grey, zone, total, count):  # type: ignore[no-untyped-def]
    """total, count (4,): steps across the border, steps beside it, fine detail inside, fine detail in the ring."""
    H, W = grey.shape
    for y in range(1, H - 1):
        for x in range(1, W - 1):
            if zone[y, x] == 0:
                continue
            inside = zone[y, x] == 2
            alike = 0
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                if (zone[y + dy, x + dx] == 2) == inside:
                    alike += 1
                    continue
                back_y, back_x = y - dy, x - dx
                if not inside or (zone[back_y, back_x] != 2):
                    continue
                on_y, on_x = y + 2 * dy, x + 2 * dx
                if not (0 <= on_y < H and 0 <= on_x < W) or zone[on_y, on_x] == 2:
                    continue
                total[0] += abs(grey[y, x] - grey[y + dy, x + dx])
                count[0] += 1
                total[1] += abs(grey[back_y, back_x] - grey[y, x]) + abs(grey[on_y, on_x] - grey[y + dy, x + dx])
                count[1] += 2
            if alike == 4:
                k = 2 if inside else 3
                around = grey[y - 1, x] + grey[y + 1, x] + grey[y, x - 1] + grey[y, x + 1]
                total[k] += abs(np.float32(4) * grey[y, x] - around)
                count[k] += 1
