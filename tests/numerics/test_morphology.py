"""A dilated mask holds exactly the pixels within the radius, by the distance that its shape means."""

import numpy as np
import pytest

from vidinpaint.numerics.morphology import dilate, distance_outside


@pytest.mark.parametrize("radius", [0, 1, 2, 7, 40])
def test_a_disc_is_exact(radius: int) -> None:
    mask = np.zeros((50, 60), bool)
    mask[20, 25] = mask[0, 59] = True
    before = mask.copy()
    y, x = np.mgrid[:50, :60]
    squared_distance = np.minimum((y - 20) ** 2 + (x - 25) ** 2, y**2 + (x - 59) ** 2)
    np.testing.assert_array_equal(dilate(mask, radius, "disc"), squared_distance <= radius**2)
    np.testing.assert_array_equal(mask, before)


def test_the_other_shapes() -> None:
    mask = np.zeros((9, 9), bool)
    mask[4, 4] = True
    assert dilate(mask, 2).sum() == 17  # OpenCV's outline, 4 pixels more than the disc
    assert dilate(mask, 2, "disc").sum() == 13
    assert dilate(mask, 2, "square").sum() == 25


def test_several_masks_are_dilated_each_by_itself() -> None:
    masks = np.zeros((3, 9, 9), bool)
    masks[1, 4, 4] = True
    assert dilate(masks, 1).sum((1, 2)).tolist() == [0, 5, 0]
    assert dilate(masks, 0) is masks


def test_nothing_and_everything_stay() -> None:
    assert not dilate(np.zeros((9, 9), bool), 3).any()
    assert dilate(np.ones((9, 9), bool), 3).all()


def test_distances_are_exact_and_the_same_at_every_call() -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        mask = random.random(random.integers(8, 60, 2)) < 0.995
        mask[0, 0] = False
        outside = np.argwhere(~mask)
        squares = ((np.argwhere(mask)[:, None] - outside) ** 2).sum(-1).min(1)
        np.testing.assert_array_equal(distance_outside(mask)[mask], np.sqrt(squares).astype(np.float32))
        assert not distance_outside(mask)[~mask].any()
