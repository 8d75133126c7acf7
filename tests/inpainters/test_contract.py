"""The contract of every inpainter; runs over the folder, so a new file is tested without a change here."""

from typing import Any

import numba
import numpy as np
import pytest

from tests.scenes import texture
from tests.small_networks import LEARNED
from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.registry import build, names
from vidinpaint.inpainters.interface import ImageInpainter, VideoInpainter, inpaint_array, inpaint_frames
from vidinpaint.weights.catalogue import Learned

PACKAGE = "inpainters"
Inpainter = ImageInpainter | VideoInpainter

MASKS = {
    "middle": (slice(12, 25), slice(15, 33)),
    "one pixel": (slice(20, 21), slice(20, 21)),
    "top left corner": (slice(0, 9), slice(0, 11)),
    "bottom right corner": (slice(-9, None), slice(-7, None)),
    "whole width": (slice(14, 20), slice(None)),
    "whole height": (slice(None), slice(20, 27)),
    "all but a column": (slice(None), slice(1, None)),
    "all but a frame": (slice(1, -1), slice(1, -1)),
    "every other line": (slice(None, None, 2), slice(None)),
}


@pytest.fixture(params=sorted(names(PACKAGE)))
def inpainter(request: pytest.FixtureRequest, small_weights: dict[str, dict[str, Any]]) -> Inpainter:
    built: Inpainter = build(PACKAGE, request.param, small_weights.get(request.param, {}))
    if request.param not in small_weights and (reason := built.unavailable_reason()):
        pytest.skip(f"{request.param} has no small network in tests/small_networks.py: {reason}")
    return built


def is_learned(inpainter: Inpainter) -> bool:
    return type(inpainter).__module__.rpartition(".")[2] in LEARNED


def inpaint(inpainter: Inpainter, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """One image through either kind; an inpainter for clips gets three equal frames.

    The results must be equal: exactly, except for networks, whose library may sum in another order in each frame.
    """
    if isinstance(inpainter, ImageInpainter):
        return inpaint_array(inpainter, image, mask)
    result = inpaint_frames(inpainter, np.stack([image] * 3), np.stack([mask] * 3))
    assert np.abs(result - result[1]).max() <= (1e-5 if isinstance(inpainter, Learned) else 0)
    return np.asarray(result[1])


def scene(where: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
    image = texture(41, 47)
    mask = np.zeros((41, 47), bool)
    mask[where] = True
    return image, mask


@pytest.mark.parametrize("where", MASKS.values(), ids=MASKS)
def test_inpaints_the_mask_and_nothing_else(inpainter: Inpainter, where: tuple[slice, slice]) -> None:
    image, mask = scene(where)
    image[mask] = 7  # a colour that is out of range
    before = image.copy(), mask.copy()
    result = inpaint(inpainter, image, mask)
    assert np.array_equal(image, before[0])
    assert np.array_equal(mask, before[1])
    assert result.shape == image.shape
    assert result.dtype == image.dtype
    assert not np.shares_memory(result, image)
    assert np.array_equal(result[~mask], image[~mask])
    assert np.isfinite(result).all()
    assert result[mask].min() >= 0
    assert result[mask].max() <= 1


def test_what_lies_under_the_mask_does_not_matter(inpainter: Inpainter) -> None:
    image, mask = scene(MASKS["middle"])
    other = image.copy()
    other[mask] = np.nan
    assert np.array_equal(inpaint(inpainter, image, mask)[mask], inpaint(inpainter, other, mask)[mask])


def test_no_mask_gives_a_copy(inpainter: Inpainter) -> None:
    image, mask = texture(9, 11), np.zeros((9, 11), bool)
    result = inpaint(inpainter, image, mask)
    assert np.array_equal(result, image)
    assert not np.shares_memory(result, image)


def test_nothing_known_is_an_error(inpainter: Inpainter) -> None:
    with pytest.raises(MaskCoverageError, match="at least one known pixel"):
        inpaint(inpainter, texture(9, 11), np.ones((9, 11), bool))


def test_same_input_same_result_on_any_number_of_threads(inpainter: Inpainter) -> None:
    image, mask = scene(MASKS["middle"])
    first = inpaint(inpainter, image, mask)
    numba.set_num_threads(1)
    try:
        assert np.array_equal(first, inpaint(inpainter, image, mask))
    finally:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)


def test_double_precision_and_strided_input(inpainter: Inpainter) -> None:
    image, mask = scene(MASKS["middle"])
    expected = inpaint(inpainter, image, mask)
    double = inpaint(inpainter, image.astype(np.float64), mask)
    assert double.dtype == np.float64
    assert np.allclose(double, expected, atol=1e-6)
    strided = np.zeros((82, 47, 6), np.float32)[::2, :, ::2]
    strided[:] = image
    assert np.array_equal(inpaint(inpainter, strided, mask), expected)
    assert np.array_equal(inpaint(inpainter, image, np.asfortranarray(mask)), expected)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_whole_numbers_are_inpainted_in_their_own_range(inpainter: Inpainter, kind: type) -> None:
    image, mask = scene(MASKS["middle"])
    white = np.iinfo(kind).max
    levels = np.rint(image * white).astype(kind)
    result = inpaint(inpainter, levels, mask)
    assert result.dtype == kind
    assert np.array_equal(result[~mask], levels[~mask])
    expected = inpaint(inpainter, (levels / np.float32(white)).astype(np.float32), mask)
    assert np.array_equal(result[mask], np.rint(expected[mask] * white))


@pytest.mark.parametrize("height", [1, 2, 3, 5, 8])
def test_tiny_pictures(inpainter: Inpainter, height: int) -> None:
    random = np.random.default_rng(height)
    for width in range(1, 9):
        image = random.random((height, width, 3)).astype(np.float32)
        for mask in (random.random((height, width)) < 0.5, np.arange(height * width).reshape(height, width) > 0):
            mask[0, 0] = False
            result = inpaint(inpainter, image, mask)
            assert np.array_equal(result[~mask], image[~mask])
            assert np.isfinite(result).all()
            # a single known pixel gives its colour to all others
            if (~mask).sum() == 1 and not is_learned(inpainter):
                assert np.abs(result - image[0, 0]).max() < 1e-3


@pytest.mark.parametrize("inpainter", sorted(names(PACKAGE).keys() - LEARNED), indirect=True)
def test_plain_surroundings_give_a_plain_result(inpainter: Inpainter) -> None:
    image = np.full((41, 47, 3), (0.2, 0.5, 0.8), np.float32)
    mask = scene(MASKS["middle"])[1]
    assert np.abs(inpaint(inpainter, image, mask) - image).max() < 1e-3
