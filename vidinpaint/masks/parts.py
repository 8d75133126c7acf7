"""Boxes around the connected parts of a mask."""

import cv2
import numpy as np

from vidinpaint.core.window import Box

CELL = 8  # side of a cell in pixels: parts in touching cells (0 to 15 pixels apart) count as one
MAX_BOXES = 16  # boxes per frame
MAX_PARTS = 64  # where there are more (grain, confetti), larger cells join them before boxes are compared


def part_boxes(mask: np.ndarray) -> tuple[Box, ...]:
    """Boxes, sorted, that hold every True pixel of bool (H, W); none where there is none.

    Parts are 8-connected. Neighbouring parts share a box, and at most MAX_BOXES boxes remain: pairs that enlarge the
    total area least are joined first. Boxes may overlap.
    """
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    if not width:
        return ()
    region = np.ascontiguousarray(mask[top : top + height, left : left + width])
    cell = CELL
    boxes = _cell_boxes(region, cell)
    while len(boxes) > MAX_PARTS:
        cell *= 2
        boxes = _cell_boxes(region, cell)
    while len(boxes) > MAX_BOXES:
        boxes = _join_cheapest(boxes)
    return tuple(sorted(Box(box.x + left, box.y + top, box.width, box.height) for box in boxes))


def _cell_boxes(mask: np.ndarray, cell: int) -> list[Box]:
    """The boxes of the connected groups of cells that hold masked pixels, each reduced to these pixels."""
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % cell), (0, -width % cell)))
    tiled = padded.reshape(padded.shape[0] // cell, cell, padded.shape[1] // cell, cell)
    cells = np.asarray(tiled.any(axis=(1, 3)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cells.view(np.uint8), connectivity=8)
    return [_tight_box(mask, *(int(value) * cell for value in part[:4])) for part in stats[1:]]


def _tight_box(mask: np.ndarray, x: int, y: int, width: int, height: int) -> Box:
    region = np.ascontiguousarray(mask[y : y + height, x : x + width])
    dx, dy, width, height = cv2.boundingRect(region.view(np.uint8))
    return Box(x + dx, y + dy, width, height)


def _join_cheapest(boxes: list[Box]) -> list[Box]:
    def cost(pair: tuple[int, int]) -> int:
        one, other = boxes[pair[0]], boxes[pair[1]]
        return one.union(other).area - one.area - other.area

    one, other = min(((i, j) for j in range(len(boxes)) for i in range(j)), key=cost)
    rest = [box for index, box in enumerate(boxes) if index not in (one, other)]
    return [*rest, boxes[one].union(boxes[other])]
