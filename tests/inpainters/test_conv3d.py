"""The learned inpainter of clips: windows, sizes, weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vidinpaint
from tests.scenes import pan
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.inpainters.interface import inpaint_frames
from vidinpaint.inpainters.video.conv3d import Conv3d, windows


@pytest.mark.parametrize(("count", "window", "overlap"), [(3, 16, 6), (16, 16, 6), (17, 16, 6), (50, 8, 4), (9, 1, 0)])
def test_windows_cover_every_frame_and_shares_sum_to_one(count: int, window: int, overlap: int) -> None:
    total = np.zeros(count)
    previous = 0
    for span, share in windows(count, window, overlap):
        assert span.stop - span.start == min(window, count)
        assert span.start <= previous - min(overlap, previous)
        assert share.min() > 0
        total[span] += share[:, 0, 0, 0]
        previous = span.stop
    assert previous == count
    assert np.allclose(total, 1)


def test_one_window_is_not_changed_by_blending() -> None:
    ((span, share),) = windows(5, 16, 6)
    assert (span.start, span.stop) == (0, 5)
    assert (share == 1).all()


def scene(frames: int, height: int = 40, width: int = 52) -> tuple[np.ndarray, np.ndarray]:
    clip = pan(frames, height, width, 0.5)
    masks = np.zeros((frames, height, width), bool)
    masks[:, 10:28, 14:35] = True
    clip[masks] = 0
    return clip, masks


def test_long_clips_have_no_jump_between_windows(small_weights: dict[str, dict[str, Any]]) -> None:
    clip, masks = scene(11)
    inpainter = Conv3d(**small_weights["conv3d"], window=6, overlap=3)
    inpainted = inpaint_frames(inpainter, clip, masks)
    assert np.array_equal(inpainted, inpaint_frames(inpainter, clip, masks))
    steps = np.abs(np.diff(inpainted, axis=0))[masks[1:]].reshape(10, -1).mean(1)
    assert steps.max() < 4 * np.median(steps)


def test_large_frames_are_downscaled_and_known_pixels_do_not_change(small_weights: dict[str, dict[str, Any]]) -> None:
    clip, masks = scene(3, 100, 132)
    masks[0] = False
    inpainted = inpaint_frames(Conv3d(**small_weights["conv3d"], largest=64), clip, masks)
    assert np.array_equal(inpainted[~masks], clip[~masks])
    assert inpainted[masks].std() > 0


def test_masks_too_dense_to_be_known_at_a_small_size(small_weights: dict[str, dict[str, Any]]) -> None:
    clip, masks = scene(2, 100, 132)
    masks[:] = False
    masks[:, ::2] = True
    inpainted = inpaint_frames(Conv3d(**small_weights["conv3d"], largest=64), clip, masks)
    assert np.isfinite(inpainted).all()


def test_settings_out_of_range_and_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"conv3d\.overlap from 0 to 4"):
        Conv3d(window=8, overlap=5)
    with pytest.raises(SettingError, match=r"conv3d\.largest"):
        Conv3d(largest=3)
    clip, masks = scene(2)
    with pytest.raises(WeightsError, match="nowhere"):
        inpaint_frames(Conv3d(weights=str(tmp_path / "nowhere.safetensors")), clip, masks)


def test_its_pipeline_inpaints_a_clip(small_weights: dict[str, dict[str, Any]]) -> None:
    clip, masks = scene(7, 48, 64)
    frames = np.rint(clip * 255).astype(np.uint8)
    settings = {"inpaint": {"conv3d": {**small_weights["conv3d"], "window": 4, "overlap": 2}}}
    result = vidinpaint.inpaint(frames, masks, pipeline="conv3d", runner="serial", settings=settings)
    assert np.array_equal(result[~masks], frames[~masks])
    assert (result[masks] != frames[masks]).mean() > 0.9
