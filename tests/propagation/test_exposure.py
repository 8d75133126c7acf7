"""Changes of exposure are measured and undone; motion, grain and moving objects are none."""

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import box_masks, pan, psnr
from vidinpaint.flow.dis import Dis, one_opencv_thread
from vidinpaint.propagation.exposure import Levels, match_exposure
from vidinpaint.propagation.exposure_change import Thumbnail, thumbnail_size

T, H, W = 12, 120, 160
MASKS = box_masks(T, H, W, (60, 40, 40, 40))


def levels_of(frames: np.ndarray, masks: np.ndarray) -> Levels:
    size = thumbnail_size(*masks.shape[1:])
    small = []
    for frame, mask in zip(frames.astype(np.float32), masks):
        known = (~mask).astype(np.float32)
        share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        total = cv2.resize(frame * known[..., None], size, interpolation=cv2.INTER_AREA).reshape(*share.shape, 3)
        small.append(Thumbnail.of(total / np.maximum(share, 1e-6)[..., None], share))
    with one_opencv_thread():
        return match_exposure(small, Dis().between)


def exposed(frames: np.ndarray, gain: np.ndarray, offset: np.ndarray | float = 0.0) -> np.ndarray:
    changed = frames * np.asarray(gain).reshape(len(frames), 1, 1, -1) + np.asarray(offset).reshape(-1, 1, 1, 1)
    return np.asarray(np.clip(changed, 0, 1).astype(np.float32))


def test_levelling_and_back_by_hand() -> None:
    gain = np.array([[1, 1, 1], [2, 1, 0.5]], np.float32)
    offset = np.array([[0, 0, 0], [0.1, 0, 0]], np.float32)
    levels = Levels(gain, offset)
    frames = np.full((2, 3, 4, 3), 0.25, np.float32)
    levelled = levels.level(frames)
    assert levels.changed.tolist() == [1]
    assert np.array_equal(levelled[0], frames[0])
    assert levelled[1, 0, 0] == pytest.approx([0.6, 0.25, 0.125])
    inpainted = np.zeros((2, 3, 4), bool)
    inpainted[:, 1] = True
    levelled[1, 1, 1] = [0.5, 0.4, 0.6]
    restored = levels.restore(levelled, inpainted, frames)
    assert restored[1, 1, 1] == pytest.approx([0.2, 0.4, 1])  # 1.2 is cut off
    assert np.array_equal(restored[~inpainted], frames[~inpainted])
    assert np.allclose(restored[0], frames[0])


def test_no_change_is_the_same_array() -> None:
    frames = pan(4, 40, 40, 1)
    none = Levels.none(4)
    assert none.level(frames) is frames
    assert none.restore(frames, np.ones(frames.shape[:3], bool), frames) is frames


@pytest.mark.parametrize("speed", [0, 0.4, 3])
def test_motion_and_grain_are_no_exposure(speed: float) -> None:
    noise = np.random.default_rng(0).normal(0, 4 / 255, (T, H, W, 3))
    frames = pan(T, H, W, speed) * 0.8 + 0.1 + noise
    assert not len(levels_of(frames, MASKS).changed)


@pytest.mark.parametrize("speed", [0, 2.5])
def test_a_ramp_of_each_channel_is_measured(speed: float) -> None:
    gain = np.linspace([1.2, 1.0, 0.9], [0.7, 1.0, 1.1], T)
    frames = exposed(pan(T, H, W, speed) * 0.6 + 0.1, gain, np.linspace(0.05, 0, T))
    levels = levels_of(frames, MASKS)
    found = levels.gain * gain  # the same for all frames
    assert np.allclose(found / found.mean(0), 1, atol=0.02)
    grey = exposed(np.full((T, 1, 1, 3), 0.4, np.float32), gain, np.linspace(0.05, 0, T))
    assert np.ptp(levels.level(grey), axis=0).max() < 2.5 / 255


def test_a_flash_changes_its_frames_only_even_if_it_blinds() -> None:
    frames = pan(T, H, W, 1.5) * 0.6
    gain = np.ones(T)
    gain[5:7] = 1.5
    levels = levels_of(exposed(frames, gain), MASKS)
    assert levels.changed.tolist() == [5, 6]
    assert levels.gain[5:7] == pytest.approx(1 / 1.5, abs=0.02)
    gain[5:7] = 100
    assert set(levels_of(exposed(frames, gain), MASKS).changed) <= {5, 6}


def test_what_moves_on_its_own_does_not_count() -> None:
    frames = pan(T, H, W, 0) * 0.5
    for t in range(T):
        frames[t, 70:110, 8 * t : 8 * t + 40] = 0.95
    assert not len(levels_of(frames, MASKS).changed)


def test_masked_pixels_are_never_read() -> None:
    frames = exposed(pan(T, H, W, 1), np.linspace(1, 0.7, T))
    other = np.where(MASKS[..., None], np.float32(1), frames)
    one, two = levels_of(frames, MASKS), levels_of(other, MASKS)
    assert np.array_equal(one.gain, two.gain)
    assert np.array_equal(one.offset, two.offset)


def test_a_fade_from_black_stays_black() -> None:
    share = np.minimum(1, np.arange(T) / 5)
    frames = exposed(pan(T, H, W, 1.5), share)
    levels = levels_of(frames, MASKS)
    levelled = levels.level(frames)
    assert np.allclose(levelled[1:6].mean((1, 2)), levelled[8].mean((0, 1)), atol=0.03)
    restored = levels.restore(levelled[[8] * T], np.ones((T, H, W), bool), frames)
    assert restored[0].max() < 0.02
    assert restored[2].mean() == pytest.approx(0.4 * frames[8].mean(), rel=0.1)


@pytest.mark.parametrize("frames", [np.zeros((1, 8, 9, 3)), np.full((3, 40, 50, 3), 0.3), np.ones((2, 3, 1, 3))])
def test_nothing_to_measure(frames: np.ndarray) -> None:
    levels = levels_of(frames, np.zeros(frames.shape[:3], bool))
    assert not len(levels.changed)
    everything = np.ones(frames.shape[:3], bool)
    assert not len(levels_of(frames, everything).changed)


def test_cut_to_another_picture_is_no_exposure() -> None:
    frames = np.concatenate([pan(6, H, W, 1, seed=1), pan(6, H, W, 1, seed=2)])
    assert not len(levels_of(frames, MASKS).changed)


def test_flicker_does_not_show_in_inpainted_pixels() -> None:
    truth = exposed(pan(T, H, W, 3) * 0.7, 1 + 0.3 * np.sin(2 * np.pi * 0.4 * np.arange(T)))
    frames = np.round(truth * 255).astype(np.uint8)
    plain, levelled = (
        vidinpaint.inpaint(frames, MASKS, runner="serial", settings=[f"exposure.on={on}", "flow.passes=1"])
        for on in ("false", "true")
    )
    assert np.array_equal(levelled[~MASKS], frames[~MASKS])
    gain = psnr(levelled / 255, truth, MASKS) - psnr(plain / 255, truth, MASKS)
    assert gain > 1
