"""Smooth interpolation."""

import numpy as np
import pytest

from vidinpaint.numerics.laplace import push_pull, smooth_interpolation


def ramp(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([x / width, 0.3 * x - 0.1 * y], -1).astype(np.float32)


def test_known_values_stay_and_constants_are_exact() -> None:
    field = np.full((20, 31, 2), 0.7, np.float32)
    known = np.ones((20, 31), bool)
    known[5:15, 8:20] = False
    unreliable = np.where(known[..., None], field, np.float32(99))
    assert np.allclose(push_pull(unreliable, known), 0.7)
    assert np.allclose(smooth_interpolation(unreliable[None], ~known[None]), 0.7)


def test_a_ramp_is_nearly_reproduced() -> None:
    field = ramp(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[15:40, 20:60] = True
    unreliable = np.where(unknown[..., None], np.float32(0), field)
    inpainted = smooth_interpolation(unreliable[None], unknown[None])[0]
    assert np.array_equal(inpainted[~unknown], field[~unknown])
    assert np.abs(inpainted - field).max() < 0.02 * np.ptp(field[..., 1])


def test_masks_at_the_border_and_nothing_known() -> None:
    field = ramp(17, 9)
    unknown = np.zeros((17, 9), bool)
    unknown[:9] = True
    inpainted = smooth_interpolation(np.stack([field, field]), np.stack([unknown, np.ones_like(unknown)]))
    assert np.isfinite(inpainted).all()
    assert inpainted[0].min() >= field[9:].min() - 1e-3
    assert not inpainted[1].any()


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 2), (3, 3)])
def test_tiny(size: tuple[int, int]) -> None:
    unknown = np.zeros((1, *size), bool)
    unknown[0, 0, 0] = True
    assert np.isfinite(smooth_interpolation(np.ones((1, *size, 3), np.float32), unknown)).all()
