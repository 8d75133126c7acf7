"""The heat equation, marched in time."""

import cv2
import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.heat import Heat


def picture() -> tuple[np.ndarray, np.ndarray]:
    """Texture with a disc, a stroke and a box at the border as its mask."""
    mask = np.zeros((90, 120), np.uint8)
    cv2.circle(mask, (40, 50), 18, 1, -1)
    cv2.line(mask, (70, 10), (110, 60), 1, 3)
    cv2.rectangle(mask, (100, 70), (119, 89), 1, -1)
    return texture(90, 120, seed=2), mask.astype(bool)


def distance_to_harmonic(iterations: int, step: float = 0.25) -> float:
    image, mask = picture()
    end = inpaint_array(Harmonic(tolerance=1e-7), image, mask)
    return float(np.abs(inpaint_array(Heat(iterations, step), image, mask) - end).max())


@pytest.mark.parametrize("step", [0.25, 0.1])
def test_converges_to_harmonic(step: float) -> None:
    assert distance_to_harmonic(20000, step) < 1e-3


def test_is_near_harmonic_by_default_and_the_nearer_the_longer_it_marches() -> None:
    distances = [distance_to_harmonic(iterations) for iterations in (10, 50, Heat.iterations, 1000)]
    assert distances == sorted(distances, reverse=True)
    assert distances[2] < 0.02


def test_a_single_pixel_becomes_the_mean_of_its_neighbours() -> None:
    image, mask = texture(9, 11), np.zeros((9, 11), bool)
    mask[4, 5] = True
    mean = (image[3, 5] + image[5, 5] + image[4, 4] + image[4, 6]) / 4
    assert np.allclose(inpaint_array(Heat(), image, mask)[4, 5], mean, atol=1e-6)


def test_no_value_leaves_the_range_of_the_known_ones() -> None:
    image, mask = picture()
    image = 0.3 + 0.4 * image
    result = inpaint_array(Heat(iterations=3), image, mask)
    assert result[mask].min() >= image[~mask].min() - 1e-6
    assert result[mask].max() <= image[~mask].max() + 1e-6


@pytest.mark.parametrize("settings", [{"iterations": 0}, {"step": 0.26}, {"step": 0.0}, {"step": float("nan")}])
def test_refuses_settings_that_are_unstable_or_do_nothing(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        Heat(**settings)  # type: ignore[arg-type]
