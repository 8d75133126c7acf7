"""Contact sheets show the right part of the image, large enough to be compared."""

import cv2
import numpy as np
import pytest

from tests.images.files import picture, scene
from vidinpaint.core.window import Box
from vidinpaint.reporting.contact_sheet import (
    BACKGROUND,
    GAP,
    LABEL_HEIGHT,
    MARK,
    MAX_SIDE,
    Tile,
    contact_sheet,
    mark_tiles,
    rgb8,
    surroundings,
)


def test_the_surroundings_hold_the_whole_mask_where_it_fits() -> None:
    mask = np.zeros((400, 600), bool)
    mask[100:120, 100:110] = mask[150:160, 200:205] = True
    box = surroundings(mask)
    assert mask[box.slices].sum() == mask.sum()
    assert box == Box(48, 48, 209, 164)


def test_otherwise_they_show_the_largest_part_of_the_mask() -> None:
    mask = np.zeros((3000, 4000), bool)
    mask[10:20, 10:20] = True
    mask[2500:2600, 3500:3600] = True
    assert surroundings(mask) == Box(3450, 2450, 200, 200)


def test_the_mask_is_marked() -> None:
    pixels = np.zeros((300, 400), np.uint16)
    mask = np.zeros((300, 400), bool)
    mask[100:110, 100:120] = True
    box = surroundings(mask)
    photo, part = mark_tiles(pixels, mask, box)
    assert "400 x 300" in photo.label
    assert (part.image[mask[box.slices]] == np.array(MARK) // 2).all()
    assert (part.image[~mask[box.slices]] == 0).all()
    assert (photo.image == MARK).all(-1).any()
    assert [tile.label for tile in mark_tiles(pixels, mask, Box(0, 0, 400, 300))] == ["mask"]


def test_every_photo_becomes_rgb_of_8_bits() -> None:
    pixels = picture()
    assert np.array_equal(rgb8(pixels), pixels)
    assert np.array_equal(rgb8(pixels.astype(np.uint16) * 257), pixels)
    assert np.array_equal(rgb8((pixels / 255).astype(np.float32)), pixels)
    assert np.array_equal(rgb8(pixels[..., 0]), np.dstack([pixels[..., 0]] * 3))
    see_through = np.dstack([pixels, np.where(pixels[..., 0] > 127, 255, 0).astype(np.uint8)])
    shown = rgb8(see_through)
    assert np.array_equal(shown[pixels[..., 0] > 127], pixels[pixels[..., 0] > 127])
    assert (shown[pixels[..., 0] <= 127] == BACKGROUND).all()


def test_small_pictures_are_enlarged_pixel_by_pixel() -> None:
    small = picture(20, 10)
    sheet = contact_sheet([Tile("a", small)])
    factor = MAX_SIDE // 20
    top, left = GAP + LABEL_HEIGHT, GAP
    shown = sheet[top : top + 20 * factor, left : left + 10 * factor]
    assert np.array_equal(shown[::factor, ::factor], small)
    assert np.array_equal(shown[factor - 1 :: factor, factor - 1 :: factor], small)


def test_large_pictures_are_made_smaller() -> None:
    large = scene(1500, 2000)
    sheet = contact_sheet([Tile("a", large)])
    assert sheet.shape == (360 + LABEL_HEIGHT + 2 * GAP, MAX_SIDE + 2 * GAP, 3)
    shown = sheet[GAP + LABEL_HEIGHT : GAP + LABEL_HEIGHT + 360, GAP : GAP + MAX_SIDE]
    assert np.abs(shown.astype(int) - cv2.resize(large, (MAX_SIDE, 360), interpolation=cv2.INTER_AREA)).max() == 0


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 16])
def test_every_tile_is_there_with_a_label(count: int) -> None:
    tiles = [Tile(f"method {index}", np.full((480, 480, 3), 10 * index, np.uint8)) for index in range(count)]
    sheet = contact_sheet(tiles)
    height, width = sheet.shape[:2]
    assert 0.7 <= width / height <= 3.5 or count < 3
    for index in range(count):
        columns = (width - GAP) // (480 + GAP)
        row, column = divmod(index, columns)
        x, y = GAP + column * (480 + GAP), GAP + row * (480 + LABEL_HEIGHT + GAP)
        assert (sheet[y + LABEL_HEIGHT : y + LABEL_HEIGHT + 480, x : x + 480] == 10 * index).all()
        assert (sheet[y : y + LABEL_HEIGHT, x : x + 100] < 128).any()
    assert tuple(sheet[0, 0]) == BACKGROUND


def test_a_long_label_is_not_cut() -> None:
    sheet = contact_sheet([Tile("a label that is a good deal longer than its picture is wide " * 2, picture(480, 8))])
    assert (sheet[:, -GAP:] == BACKGROUND).all()
