"""Coherence-enhancing diffusion: interrupted lines are joined."""

import numpy as np
import pytest

from tests.inpainters.lines import box, contrast, line
from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.anisotropic import equations, solve, stencils
from vidinpaint.inpainters.pde.coherence import Coherence
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.structure_tensor import directions, known_structure_tensor, structure_tensor

ANGLES = (0, 20, 45, 70, 90, 115, 150)


def tensors(angles: np.ndarray, across: float) -> np.ndarray:
    """Diffusion tensors (N, 3) with 1 along each angle in degrees."""
    dx, dy = np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))
    return np.stack([across + (1 - across) * dx * dx, (1 - across) * dx * dy, across + (1 - across) * dy * dy], axis=1)


@pytest.mark.parametrize("across", [1, 0.1, 0.001, 1e-5])
def test_a_stencil_is_the_tensor_with_non_negative_weights(across: float) -> None:
    tensor = tensors(np.linspace(0, 180, 400), across)
    weight, offset = stencils(tensor)
    dx, dy = offset[..., 0].astype(float), offset[..., 1].astype(float)
    total = [(weight * product).sum(1) for product in (dx * dx, dx * dy, dy * dy)]
    assert np.allclose(np.stack(total, axis=1), tensor, atol=1e-9)
    assert weight.min() >= 0
    assert (np.abs(offset).max(axis=(1, 2)) <= 1 + 1 / np.sqrt(across)).all()


def test_the_same_diffusion_everywhere_keeps_ramps_and_the_range() -> None:
    y, x = np.mgrid[:40, :50] / 100
    ramp, mask = np.stack([x, y, 0.1 + x / 2 + y], axis=2), np.zeros((40, 50), bool)
    mask[12:28, 15:35] = True
    start = np.where(mask[..., None], 0, ramp)
    system, values = equations(start, mask, tensors(np.full(mask.sum(), 25.0), 0.01)), start[mask]
    shares = list(solve(system, values, tolerance=1e-9, iterations=1000))
    assert np.abs(values - ramp[mask]).max() < 1e-6
    assert shares == sorted(shares)
    noise = texture(40, 50)
    system, values = equations(noise, mask, tensors(np.linspace(0, 3600, mask.sum()), 0.001)), noise[mask].astype(float)
    list(solve(system, values, tolerance=1e-6, iterations=1000))
    assert noise[~mask].min() <= values.min() < values.max() <= noise[~mask].max()


@pytest.mark.parametrize("angle", ANGLES)
def test_the_tensor_points_along_a_line_and_into_the_mask(angle: float) -> None:
    image, away = line(angle)
    along = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    vectors, coherence = directions(structure_tensor(image, 2.0)[away < 1])
    assert np.abs(vectors @ along)[30:-30].min() > 0.99
    assert coherence[30:-30].min() > 0.9
    mask = box(16)
    vectors, coherence = directions(
        known_structure_tensor(np.where(mask[..., None], 0, image), mask, 2.0)[mask & (away < 3)]
    )
    assert np.abs(vectors @ along).min() > 0.97
    assert coherence.min() > 0.7


def test_without_any_direction_there_is_no_coherence() -> None:
    mask = box(16)
    tensor = known_structure_tensor(np.where(mask[..., None], 0, np.full((80, 80, 3), 0.4, np.float32)), mask, 2.0)
    assert (directions(tensor[mask])[1] == 0).all()
    assert (known_structure_tensor(np.zeros((5, 5, 3), np.float32), np.eye(5) < 1, 2.0) == 0).all()


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize(("gap", "width", "min_contrast"), [(12, 3, 0.85), (20, 3, 0.7), (20, 6, 0.85)])
def test_joins_an_interrupted_line(angle: float, gap: int, width: float, min_contrast: float) -> None:
    image, away = line(angle, width)
    ours = contrast(inpaint_array(Coherence(), image, box(gap)), away, width)
    smooth = contrast(inpaint_array(Harmonic(), image, box(gap)), away, width)
    assert ours > min_contrast
    assert ours > smooth + 0.4


def test_faint_lines_in_noise_are_joined_too() -> None:
    image, away = line(20)
    noisy = 0.5 + 0.2 * (image - 0.5) + np.random.default_rng(1).normal(0, 0.01, image.shape)
    assert contrast(inpaint_array(Coherence(), noisy, box(14)), away) > 0.2 * 0.7


def test_without_a_preferred_direction_it_is_harmonic() -> None:
    image, mask = texture(60, 70), np.zeros((60, 70), bool)
    mask[20:40, 25:45] = True
    result = inpaint_array(Coherence(alpha=1), image, mask)
    assert np.abs(result - inpaint_array(Harmonic(), image, mask)).max() < 5e-3


def test_nearer_to_the_truth_than_harmonic_through_a_curve_and_a_deep_mask() -> None:
    y, x = np.mgrid[:120, :160].astype(np.float32)
    rings = 0.5 + 0.4 * np.sin(np.hypot(x - 20, y - 150) / 3)
    image = np.stack([rings, rings, 1 - rings], axis=2)
    mask = np.zeros((120, 160), bool)
    mask[30:80, 60:110] = True
    ours, smooth = inpaint_array(Coherence(), image, mask), inpaint_array(Harmonic(), image, mask)
    edge = mask.copy()
    edge[38:72, 68:102] = False
    assert psnr(ours, image, edge) > psnr(smooth, image, edge) + 6
    assert psnr(ours, image, mask) > psnr(smooth, image, mask)


@pytest.mark.parametrize(
    "settings", [{"alpha": 0}, {"alpha": 2}, {"threshold": -1}, {"scale": float("nan")}, {"rounds": 0}]
)
def test_refuses_settings_out_of_range(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        Coherence(**settings)  # type: ignore[arg-type]
