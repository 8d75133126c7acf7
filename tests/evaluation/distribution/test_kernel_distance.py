"""The kernel distance against piq and loops over all pairs."""

import numpy as np
import piq
import pytest
import torch

from vidinpaint.evaluation.distribution.kernel_distance import kernel_distance


def features(seed: int, count: int, shift: float = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1, (count, 16))


def test_equals_piq() -> None:
    first, second = features(1, 60), features(2, 60, 0.5)
    expected = float(piq.KID()(torch.from_numpy(first), torch.from_numpy(second)))
    assert expected > 0.1
    assert kernel_distance(first, second) == pytest.approx(expected, rel=1e-9)


def test_sets_of_different_sizes_by_hand() -> None:
    first, second = features(3, 4), features(4, 6, 0.3)

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / 16 + 1) ** 3)

    within = [
        np.mean([kernel(x, y) for i, x in enumerate(one) for j, y in enumerate(one) if i != j])
        for one in (first, second)
    ]
    expected = sum(within) - 2 * np.mean([kernel(x, y) for x in first for y in second])
    assert kernel_distance(first, second) == pytest.approx(expected)


def test_large_sets_are_sampled() -> None:
    first, second = features(5, 300), features(6, 400, 0.5)
    whole = kernel_distance(first, second)
    sampled = kernel_distance(first, second, size=50)
    assert sampled == kernel_distance(first, second, size=50) != whole
    assert sampled == pytest.approx(whole, rel=0.1)


def test_it_is_not_biased_where_fid_is() -> None:
    """Its mean over small sets of one distribution is about 0, with both signs."""
    values = [kernel_distance(features(seed, 10), features(seed + 1000, 10)) for seed in range(200)]
    assert abs(np.mean(values)) < 3 * np.std(values) / 200**0.5
    assert min(values) < 0 < max(values)
