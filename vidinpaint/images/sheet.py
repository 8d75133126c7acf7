"""Contact sheets: pictures of one place side by side, each with a label, at a scale at which they can be held_out_metrics."""

from dataclasses import dataclass
from math import ceil, sqrt

import cv2
import numpy as np

from vidinpaint.core.window import Box

SIDE = 480  # pixels of the longer side of a tile, at most
GAP, STRIP = 12, 26  # pixels between tiles, and of a label's height
PAPER, INK, MARK = (224, 224, 224), (32, 32, 32), (255, 0, 255)
FONT, SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.5


@dataclass(frozen=True)
class Tile:
    """One picture uint8 (H, W, 3) RGB of a sheet, and what is written above it."""

    label: str
    picture: np.ndarray


def surroundings(mask: np.ndarray) -> Box:
    """The part of the picture to look at: around all masks where that fits a tile as it is, else around the largest."""
    height, width = mask.shape
    marked = np.ascontiguousarray(mask).view(np.uint8)
    box = Box(*cv2.boundingRect(marked))
    if max(box.width, box.height) > SIDE:
        _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(marked[box.slices]), connectivity=8)
        x, y, w, h, _ = stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())].tolist()
        box = Box(box.x + x, box.y + y, w, h)
    margin = max(16, max(box.width, box.height) // 2)
    return box.expanded(margin, margin, width, height)


def mark_tiles(pixels: np.ndarray, mask: np.ndarray, box: Box) -> list[Tile]:
    """The part of the photo with its mask marked; and before it all of the photo, if that is more."""
    part = rgb8(pixels[box.slices])
    inside = mask[box.slices]
    part[inside] = part[inside] // 2 + np.array(MARK, np.uint8) // 2
    tile = Tile("mask", part)
    height, width = mask.shape
    if box.area == height * width:
        return [tile]
    whole = rgb8(_scaled(pixels))
    factor = whole.shape[0] / height
    corner = (round(box.x * factor), round(box.y * factor))
    opposite = (round((box.x + box.width) * factor) - 1, round((box.y + box.height) * factor) - 1)
    cv2.rectangle(whole, corner, opposite, MARK, 2)
    return [Tile(f"photo  {width} x {height}", whole), tile]


def rgb8(pixels: np.ndarray) -> np.ndarray:
    """A new uint8 (H, W, 3) of a photo's pixels in any form, on the sheet's paper where they are transparent."""
    white = 1 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max
    shown = np.asarray(pixels, np.float32) / np.float32(white) * 255
    if pixels.ndim == 2:
        shown = np.repeat(shown[..., None], 3, axis=2)
    elif pixels.shape[2] == 4:
        opacity = shown[..., 3:] / 255
        shown = shown[..., :3] * opacity + np.array(PAPER, np.float32) * (1 - opacity)
    return np.asarray(np.rint(shown), np.uint8)


def contact_sheet(tiles: list[Tile]) -> np.ndarray:
    """uint8 (H, W, 3) RGB with all tiles in reading order, about half as wide again as high."""
    scaled = [Tile(tile.label, _scaled(tile.picture)) for tile in tiles]
    cell_width = max(max(tile.picture.shape[1], _label_width(tile.label)) for tile in scaled) + GAP
    cell_height = max(tile.picture.shape[0] for tile in scaled) + STRIP + GAP
    columns = min(len(tiles), ceil(sqrt(1.5 * len(tiles) * cell_height / cell_width)))
    rows = ceil(len(tiles) / columns)
    sheet = np.full((rows * cell_height + GAP, columns * cell_width + GAP, 3), PAPER, np.uint8)
    for index, tile in enumerate(scaled):
        row, column = divmod(index, columns)
        x, y = GAP + column * cell_width, GAP + row * cell_height
        cv2.putText(sheet, tile.label, (x, y + STRIP - 9), FONT, SIZE, INK, 1, cv2.LINE_AA)
        height, width = tile.picture.shape[:2]
        sheet[y + STRIP : y + STRIP + height, x : x + width] = tile.picture
    return sheet


def _scaled(picture: np.ndarray) -> np.ndarray:
    """Small pictures enlarged by a whole factor, so that single pixels can be seen; large ones made smaller."""
    height, width = picture.shape[:2]
    factor = SIDE / max(height, width)
    if factor < 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return picture.repeat(int(factor), axis=0).repeat(int(factor), axis=1)


def _label_width(label: str) -> int:
    (width, _), _ = cv2.getTextSize(label, FONT, SIZE, 1)
    return int(width)
