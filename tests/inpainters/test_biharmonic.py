"""The biharmonic equation, to the last digit that matters."""

import logging

import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde import biharmonic
from vidinpaint.inpainters.pde.biharmonic import Biharmonic
from vidinpaint.inpainters.pde.harmonic import Harmonic

Y, X = (np.mgrid[:60, :80] - 40) / 50
POLYNOMIALS = {
    "ramp": X + 2 * Y,
    "saddle": X**2 - Y**2,
    "bowl": X**2 + X * Y,
    "third degree": X**3 - 2 * X * Y**2 + Y,
}


def ring(height: int, width: int) -> np.ndarray:
    """A thick ring, away from the border."""
    y, x = np.mgrid[:height, :width]
    return np.abs(np.hypot(y - height / 2, x - width / 2) - height / 4) < height / 8


def laplacian(image: np.ndarray) -> np.ndarray:
    """Sum of the differences to the neighbours inside the picture."""
    padded = np.pad(image.astype(np.float64), ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return np.asarray(around - 4 * padded[1:-1, 1:-1])


@pytest.mark.parametrize("surface", POLYNOMIALS.values(), ids=POLYNOMIALS)
def test_polynomials_up_to_the_third_degree_are_reproduced(surface: np.ndarray) -> None:
    image = ((surface - surface.min()) / np.ptp(surface))[..., None].repeat(3, axis=2)
    mask = ring(60, 80)
    assert np.abs(inpaint_array(Biharmonic(tolerance=1e-9), image, mask) - image).max() < 1e-6


@pytest.mark.parametrize("where", [np.s_[8:19, 6:20], np.s_[0:9, 12:22], np.s_[:, 12:18], np.s_[-9:, -12:]], ids=str)
def test_equals_the_dense_solution(where: tuple[slice, slice]) -> None:
    """Also where the mask reaches the border of the picture."""
    image, mask = texture(26, 31).astype(np.float64), np.zeros((26, 31), bool)
    mask[where] = True
    places = np.argwhere(mask)
    columns = np.zeros((26, 31, len(places)))
    columns[mask] = np.eye(len(places))
    matrix = laplacian(columns).reshape(-1, len(places))
    right = laplacian(np.where(mask[..., None], 0, image)).reshape(-1, 3)
    exact = np.linalg.lstsq(matrix, -right, rcond=None)[0]
    result = inpaint_array(Biharmonic(tolerance=1e-9), image, mask)
    inside = (exact > 0) & (exact < 1)
    assert inside.mean() > 0.5
    assert np.abs(result[mask] - exact)[inside].max() < 1e-5
    assert np.abs(inpaint_array(Biharmonic(), image, mask)[mask] - exact)[inside].max() < 1e-3


def test_smooth_shading_continues_better_than_with_harmonic() -> None:
    y, x = np.mgrid[:80, :100]
    shading = np.stack([np.sin(x / 20), np.cos((x + y) / 25), np.exp(-((y - 40) ** 2) / 600)], axis=2) / 2.2 + 0.5
    mask = ring(80, 100)
    ours, smooth = (
        psnr(inpaint_array(inpainter, shading, mask), shading, mask) for inpainter in (Biharmonic(), Harmonic())
    )
    assert ours > smooth + 10


def test_a_wide_mask_at_the_border_stays_in_bounds() -> None:
    """The slope of the ramp dies away towards the border of the picture, instead of continuing."""
    ramp = (np.arange(120) / 600 + 0.3)[None, :, None].repeat(60, axis=0).repeat(3, axis=2)
    mask = np.zeros((60, 120), bool)
    mask[:, 40:] = True
    result = inpaint_array(Biharmonic(), ramp, mask)
    assert result[mask].min() > 0.36
    assert result[mask].max() < ramp.max()
    assert np.abs(result[:, -1] - result[:, -2]).max() < 1e-3


def test_says_when_it_did_not_converge(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(biharmonic, "MAX_ITERATIONS", 1)
    with caplog.at_level(logging.WARNING):
        inpaint_array(Biharmonic(), texture(60, 80), ring(60, 80))
    assert "did not converge" in caplog.text


@pytest.mark.parametrize("tolerance", [0, -1, 1, float("nan")])
def test_refuses_a_tolerance_out_of_range(tolerance: float) -> None:
    with pytest.raises(SettingError):
        Biharmonic(tolerance=tolerance)
