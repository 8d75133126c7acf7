"""The Frechet distance against scipy's matrix root, piq and a Gaussian by hand."""

import numpy as np
import piq
import pytest
import scipy.linalg
import torch

from vidinpaint.evaluation.distribution.frechet import frechet_distance


def features(seed: int, count: int, size: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    mixture = np.eye(size) + random.normal(0, 0.5, (size, size)) / size**0.5
    return random.normal(0.5 * seed, 1, (count, size)) @ mixture


def by_scipy(first: np.ndarray, second: np.ndarray) -> float:
    covariances = [np.cov(one, rowvar=False) for one in (first, second)]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    means = first.mean(0) - second.mean(0)
    return float(means @ means + np.trace(covariances[0] + covariances[1] - 2 * root))


def test_equals_scipy_and_piq() -> None:
    first, second = features(1, 200, 12), features(2, 150, 12)
    expected = by_scipy(first, second)
    assert expected > 1
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)
    by_piq = float(piq.FID()(torch.from_numpy(first), torch.from_numpy(second)))
    assert frechet_distance(first, second) == pytest.approx(by_piq, rel=1e-3)


def test_fewer_images_than_features() -> None:
    """The trace of the root is then the sum of the roots of the eigenvalues of S1 S2 that are not 0."""
    first, second = features(3, 8, 30), features(4, 11, 30)
    covariances = [np.cov(one, rowvar=False) for one in (first, second)]
    eigenvalues = np.sort(np.linalg.eigvals(covariances[0] @ covariances[1]).real)[-7:]
    means = first.mean(0) - second.mean(0)
    expected = means @ means + np.trace(covariances[0] + covariances[1]) - 2 * np.sqrt(eigenvalues).sum()
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-8)


def test_by_hand() -> None:
    """Two numbers each: variances 2 and 8, means 1 and 4."""
    assert frechet_distance(np.array([[0.0], [2]]), np.array([[2.0], [6]])) == pytest.approx(9 + (8**0.5 - 2**0.5) ** 2)


def test_equal_sets() -> None:
    first = features(5, 40, 20).astype(np.float32)
    assert frechet_distance(first, first[::-1]) == pytest.approx(0, abs=1e-6)
