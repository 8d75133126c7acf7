"""Bertalmio et al.'s transport: lines are extended across thin masks, and the march converges."""

import numpy as np
import pytest

from tests.inpainters.lines import SIZE, box, contrast, line
from tests.scenes import texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde import bertalmio
from vidinpaint.inpainters.pde.bertalmio import Bertalmio
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.marching import windows

ANGLES = (0, 20, 45, 70, 90, 115, 150)


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize(("gap", "min_contrast"), [(6, 0.8), (10, 0.6)])
def test_extends_a_line_across_the_mask(angle: float, gap: int, min_contrast: float) -> None:
    image, away = line(angle)
    ours = contrast(inpaint_array(Bertalmio(), image, box(gap)), away)
    assert ours > min_contrast
    assert ours > contrast(inpaint_array(Harmonic(), image, box(gap)), away) + 0.15


def test_one_step_of_transport() -> None:
    """A dark column that ends: the Laplacian changes along it, and the dark pixels are transported along the slope."""
    image = np.zeros((7, 7, 3), np.float32)
    image[:, 3:] = 0.5
    image[:3, 4] = 0.7
    values = image.reshape(-1, 3).copy()
    where = np.zeros((7, 7), bool)
    where[3, 3] = True
    laplacian, change = np.zeros_like(values), np.zeros((1, 3), np.float32)
    bertalmio._set_laplacian(values, windows(np.ones((7, 7), bool)), laplacian)
    at = laplacian.reshape(7, 7, 3)[..., 0]
    assert np.isclose(at[2, 4], -0.2 - 0.2 - 0.2)  # left, right and below are darker
    down = np.array([[0, 1]], np.float32)
    bertalmio._transport(values, windows(where), laplacian, down, np.float32(0.1), change)
    beta = (at[4, 3] - at[2, 3]) / 2  # the gradient is to the right, and turned by a right angle it points down
    slope = 0 if beta > 0 else 0.5  # grey comes from the darker side only if beta is negative
    assert np.allclose(change, 0.1 * beta * slope, atol=1e-6)
    assert change[0, 0] < 0


def test_a_plane_has_nothing_to_transport() -> None:
    y, x = np.mgrid[:40, :40] / 80
    ramp, mask = np.stack([x, y, 0.1 + x / 2 + y / 3], axis=2), np.zeros((40, 40), bool)
    mask[14:26, 14:26] = True
    assert np.abs(inpaint_array(Bertalmio(), ramp, mask) - ramp).max() < 5e-3


def test_the_change_of_a_round_falls_until_it_converges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bertalmio, "CONVERGED", -1.0)
    image, _ = line(20)
    results = [inpaint_array(Bertalmio(rounds=rounds), image, box(8)) for rounds in (1, 2, 48, 49, 480, 481)]
    changes = [np.abs(results[k + 1] - results[k]).max() for k in (0, 2, 4)]
    assert changes[0] > 0.01
    assert changes[1] < 0.3 * changes[0]
    assert changes[2] < 0.01 * changes[0]


def test_stays_in_range_at_the_largest_step_on_noise() -> None:
    random = np.random.default_rng(2)
    image, mask = random.integers(0, 2, (40, 40, 3)).astype(np.float32), box(30)[20:60, 20:60]
    inpainter = Bertalmio(step=0.25, transport=100, diffusion=1, rounds=40)
    result = inpainter.inpaint(np.where(mask[..., None], np.float32(0), image), mask)
    assert 0 <= result.min() < result.max() <= 1


def test_without_transport_the_result_is_valid_but_different() -> None:
    image, mask = texture(60, 60, seed=3), box(SIZE)[:60, :60] & (np.hypot(*(np.mgrid[:60, :60] - 30)) < 9)
    plain, moved = inpaint_array(Bertalmio(transport=0), image, mask), inpaint_array(Bertalmio(), image, mask)
    assert 1e-3 < np.abs(plain - moved)[mask].max() < 0.5


@pytest.mark.parametrize("settings", [{"rounds": 0}, {"transport": -1}, {"diffusion": 0}, {"step": float("nan")}])
def test_refuses_settings_out_of_range(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        Bertalmio(**settings)  # type: ignore[arg-type]
