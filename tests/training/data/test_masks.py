"""Random masks: coverage, position and reproducibility."""

import cv2
import numpy as np
import pytest

from vidinpaint.training.data.masks import BORDER, BUCKETS, KINDS, any_mask, irregular
from vidinpaint.training.data.moving_masks import moving, static


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("border", [True, False])
def test_irregular_masks_have_the_requested_coverage(bucket: tuple[float, float], border: bool) -> None:
    for seed in range(12):
        mask = irregular(np.random.default_rng(seed), 96, 128, bucket, border)
        assert bucket[0] <= mask.mean() < bucket[1]


def test_masks_without_border_keep_their_distance() -> None:
    rim = round(BORDER * 96)
    for seed in range(10):
        mask = irregular(np.random.default_rng(seed), 96, 128, (0.2, 0.5), False)
        assert not mask[:rim].any()
        assert not mask[-rim:].any()
        assert not mask[:, :rim].any()
        assert not mask[:, -rim:].any()
    assert any(irregular(np.random.default_rng(seed), 96, 128, (0.2, 0.5), True)[0].any() for seed in range(10))


def test_strokes_are_connected_areas() -> None:
    mask = irregular(np.random.default_rng(1), 128, 128, (0.3, 0.4), True)
    changes = (mask[:, 1:] != mask[:, :-1]).mean()
    assert changes < 0.1


def test_objects_are_one_connected_shape() -> None:
    for seed in range(10):
        mask = KINDS["object"](np.random.default_rng(seed), 96, 128)
        assert cv2.connectedComponents(mask.astype(np.uint8))[0] == 2
        assert 0.005 < mask.mean() < 0.45


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(64, 80), (33, 17), (3, 3), (1, 2)])
def test_some_pixels_are_masked_and_some_known(kind: str, size: tuple[int, int]) -> None:
    for seed in range(20):
        mask = KINDS[kind](np.random.default_rng(seed), *size)
        assert mask.dtype == bool
        assert mask.shape == size
        assert mask.any()
        assert not mask.all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_generator_determines_the_mask(kind: str) -> None:
    first, again, other = (any_mask(np.random.default_rng(seed), 64, 64, [kind]) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_static_mask_stays_and_a_moving_one_moves() -> None:
    mask = irregular(np.random.default_rng(0), 64, 64, (0.1, 0.3), False)
    assert (static(mask, 5) == mask).all()
    masks = moving(np.random.default_rng(0), mask, 7)
    assert masks.shape == (7, 64, 64)
    assert np.array_equal(masks[3], mask)
    assert not np.array_equal(masks[0], masks[6])
    assert not masks.all(axis=(1, 2)).any()
    # from frame to frame only the rim changes
    assert (masks[1:] != masks[:-1]).mean() < mask.mean()
