"""Clips and shots of unusual length and content are inpainted: known pixels stay identical, the rest is plausible."""

import numpy as np
import pytest

import vidinpaint
from tests.scenes import box_masks, pan, psnr, texture

H, W = 64, 96
BOX = (36, 22, 24, 20)
FAST = {"flow": {"passes": 1}}


def clip(frames: int, speed: float = 1.5, seed: int = 0) -> np.ndarray:
    return np.round(pan(frames, H, W, speed, seed=seed) * 255).astype(np.uint8)


def inpainted(truth: np.ndarray, masks: np.ndarray, min_psnr: float) -> np.ndarray:
    """The result, after checks: known pixels are identical, and the PSNR under the mask is above min_psnr, in dB."""
    frames = truth.copy()
    frames[masks] = 255
    result = vidinpaint.inpaint(frames, masks, runner="serial", settings=FAST)
    assert result.shape == truth.shape
    assert np.array_equal(result[~masks], truth[~masks])
    assert psnr(result / 255, truth / 255, masks) > min_psnr
    return result


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_very_short_clips(frames: int) -> None:
    inpainted(clip(frames), box_masks(frames, H, W, BOX), 11)


def test_one_picture_repeated_gets_one_synthesis() -> None:
    result = inpainted(np.repeat(clip(1), 9, 0), box_masks(9, H, W, BOX), 11)
    assert np.abs(result.astype(int) - result[0]).max() <= 1


def test_a_still_clip_whose_mask_opens_is_exact() -> None:
    truth, masks = np.repeat(clip(1), 8, 0), box_masks(8, H, W, BOX)
    masks[5] = False
    inpainted(truth, masks, 45)


def test_shots_of_one_frame_take_nothing_from_their_neighbours() -> None:
    truth = np.concatenate([clip(6, seed=1), np.full((1, H, W, 3), 40, np.uint8), clip(6, seed=2)])
    truth[6] = np.round(60 * texture(H, W, 9))
    result = inpainted(truth, box_masks(13, H, W, BOX), 11)
    mask = box_masks(1, H, W, BOX)[0]
    assert abs(float(result[6][mask].mean()) - truth[6].mean()) < 15


def test_every_frame_a_shot_of_its_own() -> None:
    truth = np.concatenate([clip(1, seed=seed) for seed in range(5)])
    inpainted(truth, box_masks(5, H, W, BOX), 9)


def test_masks_that_start_and_end_within_the_clip() -> None:
    truth, masks = clip(16, 2.5), box_masks(16, H, W, BOX)
    masks[:5] = masks[11:] = False
    inpainted(truth, masks, 22)


def test_frames_that_are_all_mask() -> None:
    truth, masks = clip(8, 0.5), np.zeros((8, H, W), bool)
    masks[3:5] = True
    inpainted(truth, masks, 16)


@pytest.mark.parametrize("speed", [0, 6])
def test_masks_over_most_of_the_frame(speed: float) -> None:
    masks = box_masks(10, H, W, (8, 6, 80, 50))
    assert masks.mean() > 0.6
    inpainted(clip(10, speed), masks, 9)


def test_a_dissolve_and_a_flash() -> None:
    share = np.clip((np.arange(30) - 8) / 12, 0, 1)[:, None, None, None]
    truth = np.round(clip(30, 0.5, 3) * (1 - share) + clip(30, -0.5, 4) * share)
    truth[25] = np.minimum(truth[25] * 1.8 + 10, 255)
    inpainted(truth.astype(np.uint8), box_masks(30, H, W, BOX), 12)


def test_fades_from_and_to_black() -> None:
    share = np.minimum(1, np.minimum(np.arange(20), np.arange(20)[::-1]) / 6)[:, None, None, None]
    result = inpainted(np.round(clip(20, 2) * share).astype(np.uint8), box_masks(20, H, W, BOX), 18)
    assert result[0].max() <= 4


def test_nothing_but_black() -> None:
    truth = np.zeros((4, H, W, 3), np.uint8)
    inpainted(truth + np.uint8(1), box_masks(4, H, W, BOX), 40)
