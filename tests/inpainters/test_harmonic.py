"""Laplace's equation, to the last digit that matters."""

import logging
from itertools import pairwise

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.multigrid import build_levels, solve


def laplacian(image: np.ndarray) -> np.ndarray:
    """Sum of the differences to the neighbours inside the picture."""
    padded = np.pad(image.astype(np.float64), ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return np.asarray(around - 4 * padded[1:-1, 1:-1])


def shapes(height: int, width: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    y, x = np.mgrid[:height, :width]
    return {
        "disc": (y - height / 2) ** 2 + (x - width / 2) ** 2 < (height / 3) ** 2,
        "half": x < width // 2,
        "lines": y % 2 == 0,
        "one known of four": (y % 2 == 1) | (x % 2 == 1),
        "few known": random.random((height, width)) > 0.003,
        "speckle": random.random((height, width)) < 0.3,
    }


@pytest.mark.parametrize("name", shapes(8, 8))
def test_the_laplacian_vanishes_in_the_mask(name: str) -> None:
    image, mask = texture(121, 173), shapes(121, 173)[name]
    result = inpaint_array(Harmonic(), image, mask)
    assert np.abs(laplacian(result)[mask]).max() < 1e-4


def test_equals_the_dense_solution() -> None:
    image, mask = texture(17, 15).astype(np.float64), shapes(17, 15)["disc"]
    y, x = np.nonzero(mask)
    number = {place: n for n, place in enumerate(zip(y, x))}
    matrix, right = 4 * np.eye(len(y)), np.zeros((len(y), 3))
    for (row, column), n in number.items():
        for place in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if place in number:
                matrix[n, number[place]] = -1
            else:
                right[n] += image[place]
    values, converged = solve(np.where(mask[..., None], 0, image), mask, tolerance=1e-12)
    assert converged
    assert np.allclose(values, np.linalg.solve(matrix, right), atol=1e-10)


def test_linear_ramps_are_reproduced() -> None:
    y, x = np.mgrid[:150, :200] / 400
    ramp = np.stack([x, y, 0.1 + x / 2 + y], axis=2)
    mask = np.zeros((150, 200), bool)
    mask[10:140, 15:190] = True
    assert np.abs(inpaint_array(Harmonic(tolerance=1e-8), ramp, mask) - ramp).max() < 1e-6
    assert np.abs(inpaint_array(Harmonic(), ramp, mask) - ramp).max() < 1e-4


def test_at_the_border_of_the_picture_nothing_flows() -> None:
    image = np.zeros((6, 7, 3), np.float32)
    image[:, 0] = (0.2, 0.4, 0.6)
    mask = np.ones((6, 7), bool)
    mask[:, 0] = False
    assert np.allclose(inpaint_array(Harmonic(), image, mask), (0.2, 0.4, 0.6), atol=1e-5)


def test_levels_get_coarse_quickly_and_keep_all_links() -> None:
    levels = build_levels(shapes(200, 200)["few known"])
    sizes = [len(level) for level in levels]
    assert all(coarse < 0.3 * fine for fine, coarse in pairwise(sizes))
    # Dirichlet links (diagonal above the sum of the links) survive on the last level: the matrix can be solved
    assert (levels[-1].diagonal - levels[-1].weight.sum(1)).max() > 0


def test_says_when_it_did_not_converge(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "__defaults__", (1,))
    with caplog.at_level(logging.WARNING):
        inpaint_array(Harmonic(tolerance=1e-9), texture(60, 60), shapes(60, 60)["disc"])
    assert "did not converge" in caplog.text
