"""Smooth fills."""

import numpy as np
import pytest

from vidinpaint.laplace import push_pull, smooth_fill


def ramp(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([x / width, 0.3 * x - 0.1 * y], -1).astype(np.float32)


def test_known_values_stay_and_constants_are_exact() -> None:
    field = np.full((20, 31, 2), 0.7, np.float32)
    known = np.ones((20, 31), bool)
    known[5:15, 8:20] = False
    spoilt = np.where(known[..., None], field, np.float32(99))
    assert np.allclose(push_pull(spoilt, known), 0.7)
    assert np.allclose(smooth_fill(spoilt[None], ~known[None]), 0.7)


def test_a_ramp_is_nearly_reproduced() -> None:
    field = ramp(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[15:40, 20:60] = True
    spoilt = np.where(unknown[..., None], np.float32(0), field)
    filled = smooth_fill(spoilt[None], unknown[None])[0]
    assert np.array_equal(filled[~unknown], field[~unknown])
    assert np.abs(filled - field).max() < 0.02 * np.ptp(field[..., 1])


def test_holes_at_the_border_and_nothing_known() -> None:
    field = ramp(17, 9)
    unknown = np.zeros((17, 9), bool)
    unknown[:9] = True
    filled = smooth_fill(np.stack([field, field]), np.stack([unknown, np.ones_like(unknown)]))
    assert np.isfinite(filled).all()
    assert filled[0].min() >= field[9:].min() - 1e-3
    assert not filled[1].any()


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 2), (3, 3)])
def test_tiny(size: tuple[int, int]) -> None:
    unknown = np.zeros((1, *size), bool)
    unknown[0, 0, 0] = True
    assert np.isfinite(smooth_fill(np.ones((1, *size, 3), np.float32), unknown)).all()
