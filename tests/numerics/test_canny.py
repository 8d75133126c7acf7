"""Canny's edges around a mask."""

import numpy as np
import pytest

from vidinpaint.numerics.canny import canny


def step(height: int = 40, width: int = 50, at: int = 25, size: float = 1.0) -> np.ndarray:
    image = np.zeros((height, width), np.float32)
    image[:, at:] = size
    return image


def test_a_step_gives_one_thin_line_where_it_is() -> None:
    edges = canny(step(), np.ones((40, 50), bool))
    assert edges.dtype == bool
    rows, columns = np.nonzero(edges)
    assert set(columns.tolist()) <= {24, 25}
    assert edges[1:-1].sum(1).tolist() == [1] * 38
    assert {0, 39}.isdisjoint(rows.tolist())  # beside the border there are no edges


def test_a_mask_gives_no_edges_and_hides_those_under_it_and_beside_it() -> None:
    known = np.ones((40, 50), bool)
    known[10:20, 5:45] = False
    image = step()
    image[~known] = 7
    edges = canny(image, known)
    assert set(np.nonzero(edges)[1].tolist()) <= {24, 25}
    assert not edges[9:21].any()
    assert edges[1:9].any(1).all()
    assert edges[21:-1].any(1).all()
    constant = np.where(known, np.float32(0.5), np.float32(9))
    assert not canny(constant, known).any()
    assert not canny(image, np.zeros_like(known)).any()


@pytest.mark.parametrize(("size", "found"), [(0.02, False), (0.6, True)])
def test_thresholds_are_of_slopes(size: float, found: bool) -> None:
    """A step of size s, blurred by 2 pixels, has about 8 s / (2 sqrt(2 pi)) as its greatest Sobel derivative."""
    known = np.ones((40, 50), bool)
    assert canny(step(size=size), known).any() == found
    slope = 8 * 0.5 / (2 * np.sqrt(2 * np.pi))
    assert canny(step(size=0.5), known, low=0.5 * slope, high=0.9 * slope).any()
    assert not canny(step(size=0.5), known, low=0.5 * slope, high=1.1 * slope).any()


def test_a_larger_blur_removes_fine_texture() -> None:
    noise = np.random.default_rng(0).random((60, 60)).astype(np.float32)
    known = np.ones((60, 60), bool)
    assert canny(noise, known, sigma=1).sum() > 4 * canny(noise, known, sigma=4).sum()
