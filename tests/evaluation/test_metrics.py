"""Metrics against values worked out by hand, and whether each of them detects what it is for."""

import itertools
import json
import math

import cv2
import numpy as np
import pytest

from vidinpaint.core.errors import ClipError
from vidinpaint.evaluation.metrics import evaluate
from vidinpaint.evaluation.ssim import structural_similarity
from vidinpaint.evaluation.temporal import motion

H, W, T = 48, 64, 4


@pytest.fixture
def masks():
    mask = np.zeros((H, W), bool)
    mask[16:32, 24:40] = True
    return [mask] * T


def level(value):
    return np.full((H, W, 3), value, np.uint8)


def texture(seed=0, height=H, width=W, sigma=1.5):
    noise = np.random.default_rng(seed).normal(0, 1, (height, width, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), sigma)
    return np.clip(128 + 55 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def pan(step=2):
    """Frames of a camera that moves `step` pixels to the right per frame."""
    wide = texture(height=H, width=W + step * T)
    return [wide[:, step * t : step * t + W].copy() for t in range(T)]


def inpainted(frames, masks, value):
    return [np.where(mask[..., None], value, frame).astype(np.uint8) for frame, mask in zip(frames, masks, strict=True)]


def test_psnr_by_hand(masks):
    truth = [level(100)] * T
    measured = evaluate(inpainted(truth, masks, 110), truth, masks)
    masked_share = 16 * 16 / (H * W)
    assert measured.frames == T
    assert measured.psnr_masked == pytest.approx(10 * math.log10(255**2 / 100))
    assert measured.psnr == pytest.approx(10 * math.log10(255**2 / (100 * masked_share)))


def test_psnr_pools_squared_errors_over_frames(masks):
    truth = [level(100)] * 2
    measured = evaluate([level(100), level(120)], truth, masks)
    assert measured.psnr == pytest.approx(10 * math.log10(255**2 / 200))


def test_a_frame_without_a_mask_does_not_count_as_masked(masks):
    truth = [level(100)] * 2
    measured = evaluate([level(110), level(150)], truth, [masks[0], np.zeros((H, W), bool)])
    assert measured.psnr_masked == pytest.approx(10 * math.log10(255**2 / 100))
    assert measured.psnr < measured.psnr_masked


def test_identical_clips(masks):
    frames = pan()
    measured = evaluate(frames, frames, masks)
    assert measured.psnr == measured.psnr_masked == math.inf
    assert measured.ssim == pytest.approx(1)
    assert measured.warp_error_output == measured.warp_error_truth
    assert measured.to_json()["psnr"] == "inf"
    json.dumps(measured.to_json(), allow_nan=False)


def test_nothing_to_measure_is_none():
    frame = texture()
    measured = evaluate([frame], [frame], [np.zeros((H, W), bool)])
    assert measured.psnr_masked is measured.warp_error_output is measured.flicker_output is None
    assert measured.to_json()["psnr_masked"] is None
    assert "-" in measured.table()


def test_small_frames_have_no_ms_ssim_and_a_note_says_so(masks):
    frames = pan()
    measured = evaluate(inpainted(frames, masks, 90), frames, masks)
    assert measured.ms_ssim is None
    assert measured.notes == ("MS-SSIM needs frames of at least 161 x 161 pixels; these have 64 x 48.",)
    assert measured.table().splitlines()[-1] == f"Note: {measured.notes[0]}"
    assert measured.haarpsi_masked < measured.haarpsi < 1
    assert measured.to_json()["notes"] == list(measured.notes)


def test_further_metrics_see_every_frame_and_their_figures_are_reported(masks):
    class Masked:
        notes = ("a note",)

        def __init__(self):
            self.pixels = []

        def add(self, output, truth, mask):
            self.pixels.append(int(mask.sum()) + int(output[0, 0, 0]) - int(truth[0, 0, 0]))

        def values(self):
            return {"lpips_alex": float(sum(self.pixels))}

    frames = pan()
    measured = evaluate(frames, frames, masks, [Masked()])
    assert measured.lpips_alex == T * 16 * 16
    assert "LPIPS (AlexNet)" in measured.table()
    assert "LPIPS (VGG16)" not in measured.table()
    assert "a note" in measured.notes


def test_ssim_of_flat_images_by_hand():
    first, second = np.full((20, 20), 100.0), np.full((20, 20), 140.0)
    c1 = 2.55**2
    assert structural_similarity(first, second) == pytest.approx((2 * 100 * 140 + c1) / (100**2 + 140**2 + c1))


def test_ssim_equals_scikit_image():
    """scikit-image 0.26, gaussian_weights, sigma 1.5, no sample covariance: 0.7688996842245183, 5e-16 from ours."""
    random = np.random.default_rng(7)
    random.integers(0, 256, (40, 60))
    y, x = np.mgrid[:40, :60]
    wave = ((np.sin(x / 5) + np.cos(y / 7) + 2) * 60).astype(np.uint8)
    noisy = np.clip(wave + random.normal(0, 12, wave.shape), 0, 255).astype(np.uint8)
    assert structural_similarity(wave, noisy) == pytest.approx(0.7688996842245183, abs=1e-9)


def test_flicker_by_hand(masks):
    truth = [level(100)] * T
    output = [frame for t in range(T) for frame in inpainted([truth[t]], [masks[t]], 100 + 6 * (t % 2))]
    measured = evaluate(output, truth, masks)
    assert measured.flicker_output == pytest.approx(6)
    assert measured.flicker_truth == 0


def test_flicker_is_measured_only_where_both_frames_are_masked(masks):
    elsewhere = np.roll(masks[0], 16, axis=1)
    measured = evaluate([level(0), level(200)], [level(0)] * 2, [masks[0], elsewhere])
    assert measured.flicker_output is None


def test_warp_error_of_a_static_clip_by_hand(masks):
    """Nothing moves, so warping changes nothing: 51 levels are 0.2, squared 0.04."""
    truth = [texture()] * 2
    low, high = inpainted(truth[:1], masks[:1], 51)[0], inpainted(truth[:1], masks[:1], 102)[0]
    measured = evaluate([low, high], truth, masks)
    assert measured.warp_error_masked_output == pytest.approx(0.04, rel=1e-3)
    assert measured.warp_error_output == pytest.approx(0.04 * 256 / (H * W), rel=1e-3)
    assert measured.warp_error_truth == measured.warp_error_masked_truth == pytest.approx(0, abs=1e-9)


def test_static_dirt_over_a_moving_scene_has_a_large_warp_error(masks):
    truth = pan()
    static = np.random.default_rng(1).integers(0, 256, (H, W, 3))
    dirt = inpainted(truth, masks, static)
    floor = evaluate(truth, truth, masks)
    assert floor.warp_error_masked_truth < 0.004
    assert evaluate(dirt, truth, masks).warp_error_masked_output > 20 * floor.warp_error_masked_truth


def test_motion_of_a_pan_and_its_border():
    before, after = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in pan(3)[:2])
    flow, visible = motion(before, after)
    inner = flow[12:-12, 16:-16]
    assert np.abs(np.median(inner.reshape(-1, 2), axis=0) - (-3, 0)).max() < 0.1
    assert visible[12:-12, 16:-16].mean() > 0.9
    assert not visible[:, 0].any()


def test_motion_does_not_depend_on_threads():
    before, after = (cv2.cvtColor(texture(s, 240, 320), cv2.COLOR_RGB2GRAY) for s in (0, 1))
    threads = cv2.getNumThreads()
    try:
        flows = []
        for count in (1, 2):
            cv2.setNumThreads(count)
            flows.append(motion(before, after)[0])
            assert cv2.getNumThreads() == count
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(*flows)


def test_an_endless_mask_serves_all_frames(masks):
    frames = [texture()] * 3
    assert evaluate(iter(frames), iter(frames), itertools.repeat(masks[0])).frames == 3


def test_table_is_aligned(masks):
    lines = evaluate(pan(), pan(), masks).table().splitlines()
    assert len({len(line) for line in lines if "warping" in line or line.startswith(" ")}) == 1
    assert lines[0].split() == ["output", "truth"]


def test_different_lengths_are_refused(masks):
    frames = pan()
    with pytest.raises(ClipError, match="4 frames, found 3 frames"):
        evaluate(frames[:3], frames, masks)
    with pytest.raises(ClipError, match="2 frames, found 4 frames"):
        evaluate(frames, frames[:2], masks)
    with pytest.raises(ClipError, match="masks for only 2 frames"):
        evaluate(frames, frames, masks[:2])
    with pytest.raises(ClipError, match="at least one frame"):
        evaluate([], [], [])


def test_different_sizes_are_refused(masks):
    frames = pan()
    with pytest.raises(ClipError, match="64 x 48, found 60 x 48"):
        evaluate([frame[:, :60] for frame in frames], frames, masks)
    with pytest.raises(ClipError, match="64 x 48, found 64 x 40"):
        evaluate(frames, frames, [mask[:40] for mask in masks])
    with pytest.raises(ClipError, match="11 x 11"):
        evaluate([frames[0][:8]], [frames[0][:8]], [masks[0][:8]])
