"""Perona and Malik's diffusion: edges continue through the mask."""

import numpy as np
import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.perona_malik import PeronaMalik

ANGLES = (0, 25, 45, 90, 120, 160)


def edge(angle: float, noise: float, dark: float = 0.2, bright: float = 0.8) -> tuple[np.ndarray, np.ndarray]:
    """A picture of two plains and the distance of every pixel to the line between them."""
    y, x = np.mgrid[:80, :80] - 39.5
    away = x * np.cos(np.deg2rad(angle)) + y * np.sin(np.deg2rad(angle))
    plain = (dark + (bright - dark) * np.clip(away + 0.5, 0, 1))[..., None].repeat(3, axis=2)
    random = np.random.default_rng(5)
    return np.clip(plain + random.normal(0, noise, plain.shape), 0, 1).astype(np.float32), away


def box(size: int) -> np.ndarray:
    mask = np.zeros((80, 80), bool)
    begin = 40 - size // 2
    mask[begin : begin + size, begin : begin + size] = True
    return mask


def steepest_in_the_middle(result: np.ndarray) -> float:
    """Change a pixel, around the mask's centre."""
    down, right = np.gradient(result.mean(2)[36:44, 36:44])
    return float(np.hypot(down, right).max())


@pytest.mark.parametrize("noise", [0, 0.05])
@pytest.mark.parametrize("angle", ANGLES)
def test_an_interrupted_edge_is_sharper_than_harmonic(angle: float, noise: float) -> None:
    image, away = edge(angle, noise)
    mask = box(24)
    ours, smooth = inpaint_array(PeronaMalik(), image, mask), inpaint_array(Harmonic(), image, mask)
    assert steepest_in_the_middle(ours) > 4 * steepest_in_the_middle(smooth)
    truth = np.where(away > 0, 0.8, 0.2)[..., None]
    assert np.abs(ours - truth)[mask].mean() < 0.5 * np.abs(smooth - truth)[mask].mean()


def test_all_colours_have_their_edges_in_the_same_place() -> None:
    strong, _ = edge(25, 0)
    weak, _ = edge(25, 0, 0.5, 0.53)
    mask = box(16)
    alone = inpaint_array(PeronaMalik(), weak, mask)
    together = inpaint_array(PeronaMalik(), np.dstack([strong[..., :2], weak[..., 2]]), mask)
    assert steepest_in_the_middle(together[..., 2:]) > 2 * steepest_in_the_middle(alone)


def test_noise_is_not_taken_for_edges() -> None:
    random = np.random.default_rng(3)
    image = np.clip(0.5 + random.normal(0, 0.05, (60, 60, 3)), 0, 1).astype(np.float32)
    mask = np.zeros((60, 60), bool)
    mask[20:40, 20:40] = True
    inner = inpaint_array(PeronaMalik(), image, mask)[24:36, 24:36]
    assert np.abs(inner - 0.5).max() < 0.05


def test_where_no_contrast_is_an_edge_it_is_the_heat_equation() -> None:
    image, _ = edge(25, 0.05)
    mask = box(12)
    result = inpaint_array(PeronaMalik(contrast=10, iterations=2000), image, mask)
    assert np.abs(result - inpaint_array(Harmonic(), image, mask)).max() < 1e-3


@pytest.mark.parametrize("settings", [{"contrast": 0}, {"iterations": 0}, {"step": 0.3}, {"contrast": float("nan")}])
def test_refuses_settings_that_are_unstable_or_do_nothing(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        PeronaMalik(**settings)  # type: ignore[arg-type]
