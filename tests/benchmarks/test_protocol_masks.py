"""Masks of published protocols cover what they should, where they should, and depend on nothing but what names them."""

import cv2
import numpy as np
import pytest
from protocol_masks import MASKS, SETS, mask_of

SIZE = 256


@pytest.mark.parametrize("kind", MASKS)
def test_the_same_mask_for_the_same_photo(kind: str) -> None:
    mask = mask_of(kind, "a", 64, 0)
    assert mask.shape == (64, 64)
    assert mask.dtype == bool
    assert 0 < mask.sum() < mask.size
    np.testing.assert_array_equal(mask, mask_of(kind, "a", 64, 0))


@pytest.mark.parametrize("kind", ["wide", "narrow", *SETS["pconv"], *SETS["simple"]])
def test_random_masks_differ_by_photo_and_seed(kind: str) -> None:
    mask = mask_of(kind, "a", 64, 0)
    assert (mask != mask_of(kind, "b", 64, 0)).any()
    assert (mask != mask_of(kind, "a", 64, 1)).any()


@pytest.mark.parametrize("kind", SETS["pconv"])
def test_ratios_of_pconv(kind: str) -> None:
    low, high = (int(text) / 100 for text in kind.split("-")[:2])
    masks = [mask_of(kind, str(photo), SIZE, 0) for photo in range(4)]
    assert all(low <= mask.mean() < high for mask in masks)


def test_only_the_masks_for_it_touch_the_border() -> None:
    def touching(kind: str) -> int:
        masks = [mask_of(kind, str(photo), 64, 0) for photo in range(8)]
        return sum(mask[[0, -1]].any() or mask[:, [0, -1]].any() for mask in masks)

    assert touching("30-40") == 0
    assert touching("30-40-border") > 0


def test_ratios_follow_one_another() -> None:
    assert list(SETS["pconv"])[:6] == ["1-10", "10-20", "20-30", "30-40", "40-50", "50-60"]


@pytest.mark.parametrize("kind", SETS["simple"])
def test_simple_masks_cover_20_to_40_percent(kind: str) -> None:
    coverage = [mask_of(kind, str(photo), SIZE, 0).mean() for photo in range(20)]
    assert 0.195 < min(coverage) < 0.27
    assert 0.33 < max(coverage) < 0.405


def test_a_box_is_one_rectangle() -> None:
    mask = mask_of("box", "a", SIZE, 0)
    _, _, width, height = cv2.boundingRect(mask.astype(np.uint8))
    assert mask.sum() == width * height


def test_wide_is_thicker_than_narrow() -> None:
    def depth(kind: str) -> float:
        masks = [mask_of(kind, str(photo), SIZE, 0) for photo in range(8)]
        return float(np.mean([cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3).max() for mask in masks]))

    assert depth("wide") > 2 * depth("narrow")


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_chains_cover_at_most_half(kind: str) -> None:
    assert max(mask_of(kind, str(photo), 64, 0).mean() for photo in range(30)) <= 0.5


def test_every_second_pixel_of_every_second_row_is_known() -> None:
    known = ~mask_of("super-resolve-2x", "a", SIZE, 0)
    assert known.sum() == (SIZE // 2) ** 2
    assert known[::2, ::2].all()


def test_every_second_row_is_known() -> None:
    known = ~mask_of("alternating-lines", "a", SIZE, 0)
    assert known[::2].all()
    assert not known[1::2].any()


def test_the_left_half_is_known() -> None:
    known = ~mask_of("half", "a", SIZE, 0)
    assert known[:, : SIZE // 2].all()
    assert not known[:, SIZE // 2 :].any()


def test_64_x_64_in_the_middle_of_256_x_256_are_known() -> None:
    known = ~mask_of("expand", "a", SIZE, 0)
    assert cv2.boundingRect(known.astype(np.uint8)) == (96, 96, 64, 64)
    assert known.sum() == 64 * 64
