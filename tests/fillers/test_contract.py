"""What every filler promises; runs over the folder, so a new file is tested without a change here."""

from typing import Any

import numba
import numpy as np
import pytest

from tests.scenes import texture
from tests.small_nets import LEARNED
from vidinpaint.errors import MaskCoverageError
from vidinpaint.fillers.interface import ImageInpainter, VideoInpainter, inpaint_array, inpaint_frames
from vidinpaint.registry import build, names

PACKAGE = "inpainters"
"""Run with random weights: they keep all promises but to paint something sensible."""
Filler = ImageInpainter | VideoInpainter

HOLES = {
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
def filler(request: pytest.FixtureRequest, small_weights: dict[str, dict[str, Any]]) -> Filler:
    built: Filler = build(PACKAGE, request.param, small_weights.get(request.param, {}))
    return built


def is_learned(filler: Filler) -> bool:
    return type(filler).__module__.rpartition(".")[2] in LEARNED


def fill(filler: Filler, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """One picture through either kind; a filler for clips gets three equal frames.

    It paints them alike: exactly, but for a network, whose library may add up in another order from frame to frame.
    """
    if isinstance(filler, ImageInpainter):
        return inpaint_array(filler, image, hole)
    result = inpaint_frames(filler, np.stack([image] * 3), np.stack([hole] * 3))
    assert np.abs(result - result[1]).max() <= (1e-5 if is_learned(filler) else 0)
    return np.asarray(result[1])


def scene(where: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
    image = texture(41, 47)
    hole = np.zeros((41, 47), bool)
    hole[where] = True
    return image, hole


@pytest.mark.parametrize("where", HOLES.values(), ids=HOLES)
def test_paints_the_hole_and_nothing_else(filler: Filler, where: tuple[slice, slice]) -> None:
    image, hole = scene(where)
    image[hole] = 7  # a colour that nothing sensible paints
    before = image.copy(), hole.copy()
    result = fill(filler, image, hole)
    assert np.array_equal(image, before[0])
    assert np.array_equal(hole, before[1])
    assert result.shape == image.shape
    assert result.dtype == image.dtype
    assert not np.shares_memory(result, image)
    assert np.array_equal(result[~hole], image[~hole])
    assert np.isfinite(result).all()
    assert result[hole].min() >= 0
    assert result[hole].max() <= 1


def test_what_lies_under_the_hole_does_not_matter(filler: Filler) -> None:
    image, hole = scene(HOLES["middle"])
    other = image.copy()
    other[hole] = np.nan
    assert np.array_equal(fill(filler, image, hole)[hole], fill(filler, other, hole)[hole])


def test_no_hole_gives_a_copy(filler: Filler) -> None:
    image, hole = texture(9, 11), np.zeros((9, 11), bool)
    result = fill(filler, image, hole)
    assert np.array_equal(result, image)
    assert not np.shares_memory(result, image)


def test_nothing_known_is_an_error(filler: Filler) -> None:
    with pytest.raises(MaskCoverageError, match="at least one known pixel"):
        fill(filler, texture(9, 11), np.ones((9, 11), bool))


def test_same_input_same_result_on_any_number_of_threads(filler: Filler) -> None:
    image, hole = scene(HOLES["middle"])
    first = fill(filler, image, hole)
    numba.set_num_threads(1)
    try:
        assert np.array_equal(first, fill(filler, image, hole))
    finally:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)


def test_double_precision_and_strided_input(filler: Filler) -> None:
    image, hole = scene(HOLES["middle"])
    expected = fill(filler, image, hole)
    double = fill(filler, image.astype(np.float64), hole)
    assert double.dtype == np.float64
    assert np.allclose(double, expected, atol=1e-6)
    strided = np.zeros((82, 47, 6), np.float32)[::2, :, ::2]
    strided[:] = image
    assert np.array_equal(fill(filler, strided, hole), expected)
    assert np.array_equal(fill(filler, image, np.asfortranarray(hole)), expected)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_whole_numbers_are_painted_in_their_own_range(filler: Filler, kind: type) -> None:
    image, hole = scene(HOLES["middle"])
    white = np.iinfo(kind).max
    levels = np.rint(image * white).astype(kind)
    result = fill(filler, levels, hole)
    assert result.dtype == kind
    assert np.array_equal(result[~hole], levels[~hole])
    expected = fill(filler, (levels / np.float32(white)).astype(np.float32), hole)
    assert np.array_equal(result[hole], np.rint(expected[hole] * white))


@pytest.mark.parametrize("height", [1, 2, 3, 5, 8])
def test_tiny_pictures(filler: Filler, height: int) -> None:
    random = np.random.default_rng(height)
    for width in range(1, 9):
        image = random.random((height, width, 3)).astype(np.float32)
        for hole in (random.random((height, width)) < 0.5, np.arange(height * width).reshape(height, width) > 0):
            hole[0, 0] = False
            result = fill(filler, image, hole)
            assert np.array_equal(result[~hole], image[~hole])
            assert np.isfinite(result).all()
            # an only known pixel is all that there is to paint with
            if (~hole).sum() == 1 and not is_learned(filler):
                assert np.abs(result - image[0, 0]).max() < 1e-3


def test_plain_surroundings_give_a_plain_fill(filler: Filler) -> None:
    if is_learned(filler):
        pytest.skip("random weights paint anything")
    image = np.full((41, 47, 3), (0.2, 0.5, 0.8), np.float32)
    hole = scene(HOLES["middle"])[1]
    assert np.abs(fill(filler, image, hole) - image).max() < 1e-3
