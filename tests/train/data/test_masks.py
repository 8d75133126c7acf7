"""Holes to train with: how much they cover, where, and from what."""

import numpy as np
import pytest

from vidinpaint.train.data.masks import BORDER, BUCKETS, KINDS, any_hole, irregular
from vidinpaint.train.data.moving_masks import moving, still


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("border", [True, False])
def test_irregular_holes_cover_what_was_asked_for(bucket: tuple[float, float], border: bool) -> None:
    for seed in range(12):
        hole = irregular(np.random.default_rng(seed), 96, 128, bucket, border)
        assert bucket[0] <= hole.mean() < bucket[1]


def test_holes_without_border_keep_from_it() -> None:
    rim = round(BORDER * 96)
    for seed in range(10):
        hole = irregular(np.random.default_rng(seed), 96, 128, (0.2, 0.5), False)
        assert not hole[:rim].any()
        assert not hole[-rim:].any()
        assert not hole[:, :rim].any()
        assert not hole[:, -rim:].any()
    assert any(irregular(np.random.default_rng(seed), 96, 128, (0.2, 0.5), True)[0].any() for seed in range(10))


def test_strokes_are_connected_areas_and_no_noise() -> None:
    hole = irregular(np.random.default_rng(1), 128, 128, (0.3, 0.4), True)
    changes = (hole[:, 1:] != hole[:, :-1]).mean()
    assert changes < 0.1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(64, 80), (33, 17), (3, 3), (1, 2)])
def test_some_is_hole_and_some_is_known(kind: str, size: tuple[int, int]) -> None:
    for seed in range(20):
        hole = KINDS[kind](np.random.default_rng(seed), *size)
        assert hole.dtype == bool
        assert hole.shape == size
        assert hole.any()
        assert not hole.all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_generator_alone_decides(kind: str) -> None:
    first, again, other = (any_hole(np.random.default_rng(seed), 64, 64, [kind]) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_still_hole_stands_and_a_moving_one_moves() -> None:
    hole = irregular(np.random.default_rng(0), 64, 64, (0.1, 0.3), False)
    assert (still(hole, 5) == hole).all()
    holes = moving(np.random.default_rng(0), hole, 7)
    assert holes.shape == (7, 64, 64)
    assert np.array_equal(holes[3], hole)
    assert not np.array_equal(holes[0], holes[6])
    assert not holes.all(axis=(1, 2)).any()
    # from frame to frame only the rim changes
    assert (holes[1:] != holes[:-1]).mean() < hole.mean()
