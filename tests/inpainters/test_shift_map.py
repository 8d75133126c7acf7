"""Shift maps: every mask pixel is a copy of a known one."""

import logging

import cv2
import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.exemplar import shift_map
from vidinpaint.inpainters.exemplar.shift_map import NONE, ShiftMap
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import Layer


def tiles(height: int, width: int, period: int) -> np.ndarray:
    """float32 (height, width, 3): the same texture repeated."""
    tile = texture(period, period, seed=6)
    return np.tile(tile, (height // period + 1, width // period + 1, 1))[:height, :width]


def box(height: int, width: int, side: int) -> np.ndarray:
    mask, y, x = np.zeros((height, width), bool), (height - side) // 2, (width - side) // 2
    mask[y : y + side, x : x + side] = True
    return mask


def is_a_copy(result: np.ndarray, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """bool (N,): which mask pixels have exactly the colour of a known one."""
    known = {colour.tobytes() for colour in image[~mask]}
    return np.array([colour.tobytes() in known for colour in result[mask]])


def test_a_picture_that_repeats_itself_is_restored_exactly() -> None:
    image, mask = tiles(120, 160, 20), box(120, 160, 30)
    assert np.array_equal(inpaint_array(ShiftMap(), image, mask), image)


def test_the_mask_is_a_mosaic_of_known_pixels() -> None:
    image, mask = texture(100, 130), box(100, 130, 24)
    source = ShiftMap()._sources(Layer(np.where(mask[..., None], np.float32(0), image), mask))
    assert (source[~mask] == NONE).all()
    assert (source[mask] >= 0).all()
    assert not mask.reshape(-1)[source[mask]].any()
    assert is_a_copy(inpaint_array(ShiftMap(), image, mask), image, mask).all()
    y, x = np.nonzero(mask)
    shifts = np.stack([source[mask] // 130 - y, source[mask] % 130 - x], axis=1)
    assert 1 < len(np.unique(shifts, axis=0)) <= 60


def test_what_is_searched_at_half_the_size_is_as_sharp() -> None:
    image, mask = texture(120, 150), box(120, 150, 30)
    result = inpaint_array(ShiftMap(largest=6000), image, mask)
    assert is_a_copy(result, image, mask).mean() > 0.99


def test_the_same_on_any_number_of_threads() -> None:
    image, mask = texture(90, 110, seed=8), box(90, 110, 20)
    threads, results = cv2.getNumThreads(), []
    try:
        for count in (1, 4):
            cv2.setNumThreads(count)
            results.append(inpaint_array(ShiftMap(), image, mask))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(*results)


def test_pixels_take_the_shift_of_a_neighbour_if_it_leads_to_known_pixels() -> None:
    mask = np.array([[True, True, True, False, False, False]])
    source = np.array([[NONE, NONE, 4, NONE, NONE, NONE]])
    assert shift_map._spread(source, mask).tolist() == [[NONE, 3, 4, NONE, NONE, NONE]]
    assert shift_map._spread(np.full((1, 6), NONE), mask).max() == NONE


def test_shifts_are_doubled() -> None:
    mask = np.zeros((4, 6), bool)
    mask[:2, :2] = True
    coarse = np.array([[2, NONE, NONE], [NONE, NONE, NONE]])
    assert shift_map._doubled(coarse, mask)[:2, :2].tolist() == [[4, 5], [10, 11]]


def test_pixels_without_a_shift_are_harmonic_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    image, mask = texture(10, 12), box(10, 12, 4)
    with caplog.at_level(logging.INFO):
        result = inpaint_array(ShiftMap(), image, mask)
    assert "no shift for 16 of 16 pixels" in caplog.text
    assert result[mask].std() > 0


def test_where_no_patch_is_clean_nothing_is_searched() -> None:
    image, mask = texture(60, 60), np.zeros((60, 60), bool)
    mask[::2] = True
    assert np.array_equal(inpaint_array(ShiftMap(), image, mask), inpaint_array(Harmonic(), image, mask))


def test_continues_when_opencv_fails(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise cv2.error("out of luck")

    monkeypatch.setattr(cv2.xphoto, "inpaint", fail)
    inpaint_array(ShiftMap(), texture(40, 40), box(40, 40, 8))
    assert "out of luck" in caplog.text


@pytest.mark.parametrize("largest", [0, 500000, float("nan")])
def test_refuses_sizes_that_opencv_cannot_do(largest: float) -> None:
    with pytest.raises(SettingError):
        ShiftMap(largest=largest)  # type: ignore[arg-type]
