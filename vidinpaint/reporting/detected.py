"""What was found in a clip, for people and for programs: a list, and a contact sheet that shows each mask."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection
from vidinpaint.reporting.contact_sheet import MARK, Tile, rgb8

MAX_TILES = 60  # of a contact sheet; the list has all
MARGIN = 24  # pixels around a mask that a tile shows


def detection_list(found: Sequence[Detection], times: Sequence[Fraction], width: int, height: int) -> dict[str, Any]:
    """The list as values of JSON: what, where, when, how sure.

    times          seconds at which a player shows each frame, and at which the last one ends: one more than frames
    width, height  of the clip in pixels, as players show it
    """
    return {
        "width": width,
        "height": height,
        "frames": len(times) - 1,
        "detections": [_entry(detection, times) for detection in found],
    }


def detection_lines(found: Sequence[Detection], times: Sequence[Fraction]) -> list[str]:
    """One line of text for each detection."""
    lines = []
    for one in found:
        box, start, stop = one.box, float(times[one.start]), float(times[one.stop])
        text = f"  {one.text!r}" if one.text else ""
        place = f"{box.x},{box.y},{box.width},{box.height}"
        lines.append(f"{one.kind}  {start:.2f} to {stop:.2f} s  {place}  confidence {one.confidence:.2f}{text}")
    return lines


def detection_tiles(found: Sequence[Detection], read: Callable[[int, int], np.ndarray]) -> list[Tile]:
    """Tiles for a contact sheet: the surroundings of each mask in its middle frame, as they are and with the mask.

    read   read(start, stop): uint8 (stop - start, H, W, 3) RGB
    """
    tiles = []
    for one in found[:MAX_TILES]:
        frame = (one.start + one.stop) // 2
        image = read(frame, frame + 1)[0]
        height, width = image.shape[:2]
        x, y = one.corner(frame)
        left, top = max(0, x - MARGIN), max(0, y - MARGIN)
        right, bottom = min(width, x + one.box.width + MARGIN), min(height, y + one.box.height + MARGIN)
        if left >= right or top >= bottom:
            continue  # it has moved out of the frame
        region = Box(left, top, right - left, bottom - top)
        part = image[region.slices].copy()
        tiles.append(Tile(f"{one.kind}, frames {one.start} to {one.stop - 1}", part))
        tiles.append(Tile(f"mask, confidence {one.confidence:.2f}", _outlined(part, one, (x - left, y - top))))
    return tiles


def _entry(one: Detection, times: Sequence[Fraction]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "text": one.text,
        "confidence": round(one.confidence, 3),
        "start": one.start,
        "stop": one.stop,
        "start_seconds": round(float(times[one.start]), 3),
        "stop_seconds": round(float(times[one.stop]), 3),
        "box": [one.box.x, one.box.y, one.box.width, one.box.height],
        "path": [list(corner) for corner in one.path],
        "mask_pixels": int(one.mask.sum()),
    }


def _outlined(part: np.ndarray, one: Detection, corner: tuple[int, int]) -> np.ndarray:
    """A part of the frame with the mask tinted; corner (x, y): of the mask in it, may be negative."""
    shown, (x, y) = rgb8(part).copy(), corner
    top, left = max(0, y), max(0, x)
    region = shown[top : y + one.box.height, left : x + one.box.width]
    inside = one.mask[top - y :, left - x :][: region.shape[0], : region.shape[1]]
    region[inside] = region[inside] // 2 + np.array(MARK, np.uint8) // 2
    return shown
