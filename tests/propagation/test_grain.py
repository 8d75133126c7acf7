"""Inpainted pixels get the grain that is around them, and no more; noise depends only on its place."""

import numpy as np
import pytest

from tests.scenes import box_masks, pan
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.propagation.grain import _field, add_grain, measure_noise

T, H, W = 10, 120, 160
MASKS = box_masks(T, H, W, (60, 40, 40, 40))
INSIDE = MASKS[:-1] & MASKS[1:]


def grainy(frames: np.ndarray, level: float, grey: bool = False, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, level / 255, frames.shape)
    return np.asarray((frames + (noise[..., :1] if grey else noise)).astype(np.float32))


def canvas(level: float, speed: float = 0, grey: bool = False) -> Canvas:
    """A still or moving clip with noise; the inpainted part has none, and stands still."""
    frames = pan(T, H, W, speed) * 0.6 + 0.2
    pixels = np.where(MASKS[..., None], frames[:1], grainy(frames, level, grey))
    return Canvas(pixels.astype(np.float32), np.where(MASKS, np.uint8(Source.SYNTHESISED), np.uint8(0)))


def steps(pixels: np.ndarray, where: np.ndarray) -> float:
    return float(np.abs(np.diff(pixels, axis=0))[where].mean() * 255)


@pytest.mark.parametrize("level", [2.0, 6.0])
@pytest.mark.parametrize("grey", [False, True])
def test_static_inpainted_pixels_get_the_noise_around_them(level: float, grey: bool) -> None:
    given = canvas(level, grey=grey)
    done = add_grain(given, 0, (0, 0), 1, 0)
    assert np.array_equal(done.pixels[~MASKS], given.pixels[~MASKS])
    assert steps(done.pixels, INSIDE) == pytest.approx(steps(given.pixels, ~MASKS[1:]), rel=0.1)
    added = done.pixels[MASKS] - given.pixels[MASKS]
    assert abs(added.mean()) < 0.1 / 255
    assert np.corrcoef(added.T)[0, 1] == pytest.approx(1 if grey else 0, abs=0.1)


def test_half_the_strength_and_none() -> None:
    given = canvas(5.0)
    whole, half = (add_grain(given, 0, (0, 0), strength, 0).pixels - given.pixels for strength in (1, 0.5))
    assert np.allclose(half, whole / 2, atol=1e-6)
    assert add_grain(given, 0, (0, 0), 0, 0) is given


def test_a_clean_clip_and_inpainted_pixels_with_noise_stay_as_they_are() -> None:
    clean = canvas(0.2)
    assert add_grain(clean, 0, (0, 0), 1, 0) is clean
    frames = grainy(pan(T, H, W, 0) * 0.6 + 0.2, 5)
    alive = Canvas(frames, canvas(5).source)
    change = add_grain(alive, 0, (0, 0), 1, 0).pixels - frames
    assert change.std() * 255 < 0.7


def test_motion_is_no_noise() -> None:
    frames = pan(T, H, W, 0) * 0.6 + 0.2
    for t in range(T):
        frames[t, 60:, 12 * t : 12 * t + 50] = pan(1, 60, 50, 0, seed=t + 1)[:, :, : W - 12 * t]
    assert measure_noise(frames, MASKS) is None
    noise = measure_noise(grainy(frames, 4), MASKS)
    assert noise
    assert noise.variance**0.5 * 255 == pytest.approx(4, rel=0.15)


def test_correlation_of_neighbours_is_measured_and_reproduced() -> None:
    noise = np.random.default_rng(0).normal(0, 5 / 255, (T, H, W + 1, 3))
    smooth = 0.5 + (noise[:, :, 1:] + noise[:, :, :-1]) / 2
    found = measure_noise(smooth.astype(np.float32), MASKS)
    assert found
    assert found.correlation == pytest.approx([0, 0.5], abs=0.05)
    made = _field(0, (0, 0), (3, 200, 200), found.correlation, 0)
    assert made.std() == pytest.approx(1, rel=0.02)
    assert np.mean(made[:, :, 1:] * made[:, :, :-1]) == pytest.approx(0.5, abs=0.05)
    assert np.mean(made[:, 1:] * made[:, :-1]) == pytest.approx(0, abs=0.05)


def test_noise_is_the_same_from_any_window_and_crop() -> None:
    correlation = np.array([0.3, 0.1])
    whole = _field(100, (0, 0), (6, 30, 40), correlation, 7)
    assert np.array_equal(_field(103, (10, 5), (2, 12, 20), correlation, 7), whole[3:5, 10:22, 5:25])
    assert not np.array_equal(_field(100, (0, 0), (6, 30, 40), correlation, 8), whole)
    assert abs(np.corrcoef(whole[0].ravel(), whole[1].ravel())[0, 1]) < 0.05


@pytest.mark.parametrize("frames", [1, 2])
def test_short_clips_and_masks_everywhere(frames: int) -> None:
    pixels = np.full((frames, 20, 30, 3), 0.5, np.float32)
    everything = Canvas(pixels, np.full((frames, 20, 30), Source.SYNTHESISED, np.uint8))
    assert add_grain(everything, 0, (0, 0), 1, 0) is everything
    nothing = Canvas(pixels, np.zeros((frames, 20, 30), np.uint8))
    assert add_grain(nothing, 0, (0, 0), 1, 0) is nothing


def test_a_moving_camera_has_no_noise_to_measure() -> None:
    given = canvas(5)
    zero = np.zeros((T - 1, H, W), np.float32)

    def flow(speed: float) -> FlowPair:
        motion = np.full((T - 1, H, W, 2), speed, np.float32)
        return FlowPair(motion, -motion, zero, zero, np.zeros(T - 1, bool))

    still, moving = (add_grain(given, 0, (0, 0), 1, 0, flow(speed)) for speed in (0, 3))
    assert np.array_equal(still.pixels, add_grain(given, 0, (0, 0), 1, 0).pixels)
    assert moving is given
