"""Opacity or colour: what marks a pixel, and which pictures are refused."""

import cv2
import numpy as np
import pytest

from tests.images.files import scene
from vidinpaint.core.errors import MaskError
from vidinpaint.masks.marked_pixels import marked_pixels

MASK = np.zeros((120, 160), bool)
MASK[30:70, 40:100] = True
GREY = MASK.astype(np.uint8) * 255
PHOTO = scene(120, 160)


def layer(visible: tuple[int, int, int], hidden: tuple[int, int, int], opacity: np.ndarray = GREY) -> np.ndarray:
    return np.dstack([np.where(MASK[..., None], visible, hidden).astype(np.uint8), opacity])


@pytest.mark.parametrize(
    "picture",
    [
        GREY,
        cv2.GaussianBlur(GREY, (0, 0), 1.5),
        np.dstack([GREY // 2 + 1, 0 * GREY, 0 * GREY]),
        layer((0, 0, 0), (255, 255, 255)),
        layer((0, 0, 255), (255, 255, 255)),
        layer((0, 0, 0), (0, 0, 0)),
        layer((255, 255, 255), (0, 0, 0), np.full_like(GREY, 255)),
    ],
)
def test_opacity_where_it_varies_else_colour(picture: np.ndarray) -> None:
    assert np.count_nonzero(marked_pixels(picture, "m") != MASK) <= 4


def test_a_background_that_is_not_black_is_no_faint_mask() -> None:
    np.testing.assert_array_equal(marked_pixels(np.where(MASK, 255, 64).astype(np.uint8), "m"), MASK)


def test_what_is_invisible_marks_nothing() -> None:
    assert not marked_pixels(layer((255, 255, 255), (255, 255, 255), 0 * GREY), "m").any()


def test_colour_that_compression_has_changed_is_one_colour() -> None:
    noise = np.random.default_rng(0).integers(-12, 13, (*MASK.shape, 3))
    picture = layer((60, 60, 60), (200, 200, 200))
    picture[..., :3] = np.clip(picture[..., :3] + noise, 0, 255)
    np.testing.assert_array_equal(marked_pixels(picture, "m"), MASK)


@pytest.mark.parametrize("steps", [3, 8, 20])
def test_labels_are_no_photo(steps: int) -> None:
    labels = (np.arange(160) * steps // 160 * (127 // steps) + 128).astype(np.uint8)
    labels[:40] = 0
    picture = np.repeat(labels[None], 120, 0)
    np.testing.assert_array_equal(marked_pixels(picture, "m"), picture > 127)


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.dstack([PHOTO, 255 - GREY]), "opacity varies"),
        (np.dstack([PHOTO, GREY]), "opacity varies"),
        (PHOTO, "levels between"),
        (np.where(MASK[..., None], (0, 0, 255), PHOTO).astype(np.uint8), "levels between"),
        (PHOTO[..., 0], "levels between"),
        (cv2.GaussianBlur(GREY, (0, 0), 15), "levels between"),
        (layer((0, 0, 0), (0, 0, 0), cv2.GaussianBlur(GREY, (0, 0), 15)), "levels between"),
        (np.where(MASK[..., None], (0, 0, 255), (255, 255, 255)).astype(np.uint8), "colours are all over 127"),
        (np.where(MASK, 100, 0).astype(np.uint8), "values of about 100 of 255"),
        (
            np.dstack([np.where(MASK, 70, 0)] * 2 + [np.where(MASK, 80, GREY[::-1])]).astype(np.uint8),
            "values of about 80",
        ),
        (
            layer((255, 0, 0), (0, 0, 0), np.where(MASK, 102, GREY[::-1] // 255 * 163).astype(np.uint8)),
            "an opacity of about 102",
        ),
    ],
    ids=[
        "erased",
        "cut out",
        "photo",
        "painted over",
        "depth",
        "soft",
        "soft opacity",
        "red on white",
        "faint",
        "dark label",
        "strokes that overlap",
    ],
)
def test_pictures_that_are_no_masks(picture: np.ndarray, reason: str) -> None:
    with pytest.raises(MaskError, match=reason) as caught:
        marked_pixels(picture, "'m.png'")
    assert "'m.png'" in str(caught.value)
