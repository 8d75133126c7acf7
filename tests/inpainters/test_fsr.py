"""Frequency selective reconstruction: few waves, chosen greedily, continue inside the mask."""

import cv2
import numpy as np
import pytest

from tests.inpainters.recorded_progress import RecordedProgress
from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.core.progress import forward_progress
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.fsr import Fsr, _omega, _select, layers
from vidinpaint.inpainters.pde.harmonic import Harmonic


def waves(height: int, width: int) -> np.ndarray:
    """float64 (height, width, 3): a regular weave."""
    y, x = np.mgrid[:height, :width]
    weave = np.stack([np.cos(x * 1.1 + y * 0.3), np.cos(y * 0.9), np.cos(x * 1.1 + y * 0.3 + 1)], axis=2)
    return np.asarray(0.5 + 0.3 * weave)


def greedy(signal: np.ndarray, weight: np.ndarray, turns: int, correction: float) -> np.ndarray:
    """The sum of waves (T, T, 3), with the residual's spectrum taken anew for every wave."""
    size = len(signal)
    y, x = np.mgrid[:size, :size]
    model = np.zeros_like(signal)
    for _ in range(turns):
        residual = np.fft.fft2(weight[..., None] * (signal - model), axes=(0, 1))
        energy = _omega(size) * (np.abs(residual) ** 2).sum(2)[:, : size // 2 + 1]
        u, v = np.unravel_index(energy.argmax(), energy.shape)
        wave = np.exp(2j * np.pi * (u * y + v * x) / size)
        factor = correction / weight.sum()
        if 2 * u % size == 0 and 2 * v % size == 0:
            model += (factor * residual[u, v] * wave[..., None]).real
        else:
            model += 2 * (factor * residual[u, v] * wave[..., None]).real
    return model


@pytest.mark.parametrize("turns", [1, 2, 9, 25])
def test_chooses_the_waves_that_a_plain_implementation_does(turns: int) -> None:
    random = np.random.default_rng(turns)
    signal, weight = random.normal(0, 0.2, (3, 8, 8, 3)), random.random((3, 8, 8))
    signal[2, ..., :] = np.cos(np.pi * np.arange(8))[:, None]  # on the border of the half spectrum
    residual = np.fft.rfft2(weight[..., None] * signal, axes=(1, 2)).astype(np.complex64)
    spectrum = np.fft.fft2(weight).astype(np.complex64)
    chosen = _select(residual, spectrum, _omega(8), np.full(3, turns), np.float32(0.5))
    models = 64 * np.fft.irfft2(chosen, (8, 8), axes=(1, 2))
    for n in range(3):
        assert np.allclose(models[n], greedy(signal[n], weight[n], turns, 0.5), atol=1e-4)


def test_layers_go_inwards_from_known_blocks_and_no_two_of_one_time_touch() -> None:
    known, missing = np.zeros((9, 12), bool), np.ones((9, 12), bool)
    known[4, 0] = True
    seen, reached = np.zeros_like(missing), known.copy()
    for y, x in layers(known, missing, max_count=3):
        assert 1 <= len(y) <= 3
        apart = np.maximum(np.abs(y[:, None] - y), np.abs(x[:, None] - x)) + 9 * np.eye(len(y), dtype=int)
        assert apart.min() > 1
        assert (cv2.dilate(reached.astype(np.uint8), np.ones((3, 3), np.uint8))[y, x] > 0).all()
        assert not seen[y, x].any()
        seen[y, x] = reached[y, x] = True
    assert seen.all()


def test_a_regular_texture_continues_in_the_mask() -> None:
    image, mask = waves(60, 70), np.zeros((60, 70), bool)
    mask[25:33, 30:38] = True
    ours, smooth = inpaint_array(Fsr(), image, mask), inpaint_array(Harmonic(), image, mask)
    assert psnr(ours, image, mask) > 30
    assert psnr(smooth, image, mask) < 15


def test_at_least_as_good_as_opencv() -> None:
    image = np.rint(texture(64, 80, seed=2) * 255) / 255
    mask = np.random.default_rng(0).random((64, 80)) < 0.7
    known = np.where(mask, np.uint8(0), np.uint8(255))
    levels = np.where(mask[..., None], 0, np.rint(image * 255)).astype(np.uint8)
    theirs = np.zeros_like(levels)
    cv2.xphoto.inpaint(levels, known, theirs, cv2.xphoto.INPAINT_FSR_FAST)
    ours = inpaint_array(Fsr(), image, mask)
    assert psnr(ours, image, mask) > psnr(theirs / 255, image, mask)


def test_inpaints_any_depth_with_any_block_size_and_reports_progress() -> None:
    image, mask = texture(70, 90), np.zeros((70, 90), bool)
    mask[10:60, 20:66] = True
    for inpainter in (Fsr(), Fsr(block=1, window=8, waves=5), Fsr(block=16, window=64)):
        progress = RecordedProgress()
        with forward_progress(progress, 100):
            result = inpaint_array(inpainter, image, mask)
        assert progress.done == 100
        assert psnr(result, image, mask) > 9
        assert len(np.unique(result[mask])) > 1000


@pytest.mark.parametrize(
    "settings",
    [
        {"block": 0},
        {"window": 15},
        {"block": 4, "window": 14},
        {"block": 3},
        {"window": 33},
        {"waves": 0},
        {"correction": float("nan")},
    ],
)
def test_refuses_settings_out_of_range(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        Fsr(**settings)  # type: ignore[arg-type]
