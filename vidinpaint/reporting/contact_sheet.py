"""Contact sheets: images of one place side by side, each with a label, large enough to be compared."""

from dataclasses import dataclass
from math import ceil, sqrt

import cv2
import numpy as np

from vidinpaint.core.window import Box

MAX_SIDE = 480  # pixels, of the longer side of a tile
GAP, LABEL_HEIGHT = 12, 26  # pixels between tiles, and of a label
BACKGROUND, TEXT, MARK = (224, 224, 224), (32, 32, 32), (255, 0, 255)
FONT, SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.5


@dataclass(frozen=True)
class Tile:
    """One image of a sheet, uint8 (H, W, 3) RGB, and the label above it."""

    label: str
    image: np.ndarray


def surroundings(mask: np.ndarray) -> Box:
    """The part of the image to show: around the mask if it fits one tile unscaled, else around its largest part."""
    height, width = mask.shape
    mask_bytes = np.ascontiguousarray(mask).view(np.uint8)
    box = Box(*cv2.boundingRect(mask_bytes))
    if max(box.width, box.height) > MAX_SIDE:
        _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask_bytes[box.slices]), connectivity=8)
        x, y, w, h, _ = stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())].tolist()
        box = Box(box.x + x, box.y + y, w, h)
    margin = max(16, max(box.width, box.height) // 2)
    return box.expanded(margin, margin, width, height)


def mark_tiles(pixels: np.ndarray, mask: np.ndarray, box: Box) -> list[Tile]:
    """A tile of the box with the mask marked; and before it a tile of the whole photo, if that is larger."""
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
    """uint8 (H, W, 3) from pixels in any form of `ImageFile`; transparent ones show the background of the sheet."""
    white = 1 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max
    shown = np.asarray(pixels, np.float32) / np.float32(white) * 255
    if pixels.ndim == 2:
        shown = np.repeat(shown[..., None], 3, axis=2)
    elif pixels.shape[2] == 4:
        opacity = shown[..., 3:] / 255
        shown = shown[..., :3] * opacity + np.array(BACKGROUND, np.float32) * (1 - opacity)
    return np.asarray(np.rint(shown), np.uint8)


def contact_sheet(tiles: list[Tile]) -> np.ndarray:
    """uint8 (H, W, 3) RGB with all tiles in reading order, about 3 : 2 in width to height."""
    scaled = [Tile(tile.label, _scaled(tile.image)) for tile in tiles]
    cell_width = max(max(tile.image.shape[1], _label_width(tile.label)) for tile in scaled) + GAP
    cell_height = max(tile.image.shape[0] for tile in scaled) + LABEL_HEIGHT + GAP
    columns = min(len(tiles), ceil(sqrt(1.5 * len(tiles) * cell_height / cell_width)))
    rows = ceil(len(tiles) / columns)
    sheet = np.full((rows * cell_height + GAP, columns * cell_width + GAP, 3), BACKGROUND, np.uint8)
    for index, tile in enumerate(scaled):
        row, column = divmod(index, columns)
        x, y = GAP + column * cell_width, GAP + row * cell_height
        cv2.putText(sheet, tile.label, (x, y + LABEL_HEIGHT - 9), FONT, SIZE, TEXT, 1, cv2.LINE_AA)
        height, width = tile.image.shape[:2]
        sheet[y + LABEL_HEIGHT : y + LABEL_HEIGHT + height, x : x + width] = tile.image
    return sheet


def _scaled(image: np.ndarray) -> np.ndarray:
    """Small images enlarged by a whole factor, so that single pixels can be seen; large ones downscaled."""
    height, width = image.shape[:2]
    factor = MAX_SIDE / max(height, width)
    if factor < 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return image.repeat(int(factor), axis=0).repeat(int(factor), axis=1)


def _label_width(label: str) -> int:
    (width, _), _ = cv2.getTextSize(label, FONT, SIZE, 1)
    return int(width)
