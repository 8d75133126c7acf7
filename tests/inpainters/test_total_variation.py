"""Total variation: short sharp edges."""

import cv2
import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.total_variation import TotalVariation


def energy(image: np.ndarray) -> float:
    """Sum of the norms of the forward differences over all colours."""
    right, down = np.zeros((2, *image.shape))
    right[:, :-1] = np.diff(image.astype(np.float64), axis=1)
    down[:-1] = np.diff(image.astype(np.float64), axis=0)
    return float(np.sqrt((right**2 + down**2).sum(2)).sum())


def bar(width: int, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """A bright bar of this width from left to right, and a mask that cuts a gap into it."""
    image = np.full((60, 60, 3), (0.1, 0.2, 0.3), np.float32)
    image[30 - width // 2 : 30 - width // 2 + width] = (0.9, 0.8, 0.5)
    mask = np.zeros((60, 60), bool)
    mask[10:50, 30 - gap // 2 : 30 - gap // 2 + gap] = True
    return image, mask


def strokes() -> tuple[np.ndarray, np.ndarray]:
    mask = np.zeros((80, 100), np.uint8)
    cv2.line(mask, (10, 10), (60, 70), 1, 5)
    cv2.circle(mask, (75, 35), 12, 1, -1)
    return texture(80, 100, seed=4), mask.astype(bool)


def test_its_total_variation_is_below_that_of_harmonic_and_near_the_minimum() -> None:
    image, mask = strokes()
    ours, smooth = (energy(inpaint_array(inpainter, image, mask)) for inpainter in (TotalVariation(), Harmonic()))
    least = energy(inpaint_array(TotalVariation(tolerance=1e-7, iterations=20000), image, mask))
    assert least <= ours * (1 + 1e-6)
    assert ours - least < 0.01 * (smooth - least)


def test_equals_the_smallest_energy_found_by_search() -> None:
    """One pixel, one grey: total variation as a function of its value has its least where it is inpainted."""
    image, mask = texture(7, 7, seed=1)[..., :1].repeat(3, axis=2), np.zeros((7, 7), bool)
    mask[3, 3] = True
    inpainted = inpaint_array(TotalVariation(tolerance=1e-7), image, mask)
    tried = []
    for value in np.linspace(0, 1, 1001):
        image[3, 3] = value
        tried.append(energy(image))
    assert energy(inpainted) < min(tried) + 1e-6
    assert np.ptp(inpainted[3, 3]) < 1e-5


@pytest.mark.parametrize("gap", [5, 12])
def test_a_bar_wider_than_the_mask_continues_straight_and_sharp(gap: int) -> None:
    image, mask = bar(16, gap)
    assert np.abs(inpaint_array(TotalVariation(), image, mask) - image).max() < 0.04


def test_a_bar_narrower_than_the_mask_is_interrupted() -> None:
    image, mask = bar(5, 16)
    result = inpaint_array(TotalVariation(iterations=3000), image, mask)
    assert np.abs(result[mask] - image[0, 0]).max() < 0.02


def test_a_slanted_edge_is_sharper_than_harmonic() -> None:
    y, x = np.mgrid[:60, :60]
    image = np.where((x + 0.4 * y < 40)[..., None], (0.2, 0.7, 0.4), (0.8, 0.3, 0.5)).astype(np.float32)
    mask = np.zeros((60, 60), bool)
    mask[20:40, 20:40] = True
    ours, smooth = (inpaint_array(inpainter, image, mask) for inpainter in (TotalVariation(), Harmonic()))
    assert np.abs(ours - image)[mask].mean() < 0.3 * np.abs(smooth - image)[mask].mean()


@pytest.mark.parametrize("settings", [{"tolerance": 0}, {"iterations": 0}, {"tolerance": float("nan")}])
def test_refuses_settings_out_of_range(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        TotalVariation(**settings)  # type: ignore[arg-type]
