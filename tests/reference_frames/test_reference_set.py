"""ReferenceSet: which frames are selected, how they are aligned, and that every window gets the same from them."""

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import texture
from vidinpaint.core.canvas import Source
from vidinpaint.core.window import Box
from vidinpaint.reference_frames.alignment import IDENTITY, ShotFrame, align
from vidinpaint.reference_frames.frame_selection import select_frames
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.reference_frames.source_selection import select_sources
from vidinpaint.reference_frames.warp_source import WarpedSource

WORLD = cv2.resize(texture(180, 260), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).clip(0, 1)
NO_MASK = np.zeros((200, 280), bool)


def seen_from(homography: np.ndarray, seed: int = 0) -> np.ndarray:
    """280 x 200 pixels of WORLD with a little grain; pixel (x, y, 1) is at homography @ (x, y, 1) of WORLD."""
    pixels = cv2.warpPerspective(WORLD, homography, (280, 200), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    grain = np.random.default_rng(seed).normal(0, 0.004, pixels.shape)
    return np.clip(pixels + grain, 0, 1).astype(np.float32)


def camera(x: float, y: float, zoom: float = 1.0, angle: float = 0.0) -> np.ndarray:
    c, s = zoom * np.cos(angle), zoom * np.sin(angle)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def mask(x: int, y: int, width: int, height: int) -> np.ndarray:
    result = NO_MASK.copy()
    result[y : y + height, x : x + width] = True
    return result


def test_selected_frames_are_spread_and_prefer_different_masks() -> None:
    left, right = (Box(0, 0, 10, 10),), (Box(50, 0, 10, 10),)
    assert select_frames([left] * 80, 16) == select_frames([left] * 80, 7)
    assert len(select_frames([left] * 80, 16)) == 7
    assert len(select_frames([left] * 5, 16)) == 1
    gaps = np.diff([0, *select_frames([left] * 800, 16), 799])
    assert gaps.max() <= 100
    boxes = [left] * 300 + [right] * 4 + [()] * 4 + [left] * 300
    selected = select_frames(boxes, 4)
    assert any(300 <= index < 304 for index in selected)
    assert any(304 <= index < 308 for index in selected)


@pytest.mark.parametrize("homography", [camera(150, 90), camera(100, 60, 1.2), camera(140, 30, 0.9, 0.15)])
def test_the_motion_of_the_camera_is_found(homography: np.ndarray) -> None:
    first = ShotFrame.of(0, seen_from(camera(120, 80)), NO_MASK)
    second = ShotFrame.of(9, seen_from(homography, 1), NO_MASK)
    found = align(first, second)
    assert found is not None
    truth = np.linalg.inv(homography) @ camera(120, 80)
    for corner in ((0, 0), (280, 0), (0, 200), (280, 200)):
        (a, b), (c, d) = (m[:2] @ (*corner, 1) / (m[2] @ (*corner, 1)) for m in (found, truth))
        assert np.hypot(a - c, b - d) < 0.8


def test_a_static_camera_is_found_in_spite_of_people() -> None:
    person = seen_from(camera(120, 80), 1)
    person[40:200, 100:160] = 0.5
    assert align(ShotFrame.of(0, seen_from(camera(120, 80)), NO_MASK), ShotFrame.of(9, person, NO_MASK)) is IDENTITY


def test_frames_of_different_places_are_not_aligned() -> None:
    elsewhere = np.random.default_rng(5).random((200, 280, 3)).astype(np.float32)
    assert align(ShotFrame.of(0, seen_from(camera(120, 80)), NO_MASK), ShotFrame.of(9, elsewhere, NO_MASK)) is None


def test_features_under_the_mask_are_ignored() -> None:
    covered = mask(0, 0, 200, 200)
    frame = ShotFrame.of(0, seen_from(camera(120, 80)), covered)
    assert len(frame.points)
    assert frame.points[:, 0].min() > 200


def test_reference_frames_complete_each_other() -> None:
    poses = [camera(120, 80), camera(200, 90), camera(60, 70)]
    frames = [ShotFrame.of(20 * k, seen_from(pose, k), mask(100, 60, 60, 70)) for k, pose in enumerate(poses)]
    references = ReferenceSet(lambda: frames, lambda image, mask: np.where(mask[..., None], np.float32(0), image))
    for k, completed in enumerate(references.frames):
        hidden = frames[k].mask
        assert (completed.provenance[hidden] == Source.PROPAGATED).all()
        error = completed.frame.pixels.astype(np.float32)[hidden] - seen_from(poses[k], k)[hidden]
        assert 10 * np.log10(1 / (error**2).mean()) > 30
        assert np.array_equal(completed.frame.pixels[~hidden], frames[k].pixels.astype(np.float16)[~hidden])


def test_what_no_reference_frame_shows_is_synthesised_once() -> None:
    calls = []

    def synthesise(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        calls.append(mask.sum())
        return np.where(mask[..., None], np.float32(0.5 + 0.1 * len(calls)), image)

    frames = [ShotFrame.of(20 * k, seen_from(camera(120, 80), k), mask(100, 60, 40, 30)) for k in range(4)]
    references = ReferenceSet(lambda: frames, synthesise)
    assert len(calls) == 0
    assert all(
        (completed.provenance[mask(100, 60, 40, 30)] == Source.SYNTHESISED).all() for completed in references.frames
    )
    assert len(calls) == 1
    colours = [completed.frame.pixels[75, 120].astype(float) for completed in references.frames]
    assert np.ptp(colours, 0).max() < 0.02


def test_a_person_in_one_source_is_avoided() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    clean = WarpedSource(background, np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    person = background.copy()
    person[22:38, 32:48] = (1, 0, 0)
    target = np.where(unknown[..., None], np.float32(0), background)
    inpainted, index = select_sources(
        target, unknown, [WarpedSource(person, clean.valid, clean.provenance), clean, clean], [0, 0.01, 0.02]
    )
    assert (index[24:36, 34:46] > 0).all()
    assert (index[~unknown] == -1).all()
    assert np.abs(inpainted - background)[unknown].mean() < 0.005


def test_a_source_that_shows_something_else_is_refused() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    other = WarpedSource(texture(60, 80, 7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    _, index = select_sources(np.where(unknown[..., None], np.float32(0), background), unknown, [other], [0])
    assert (index == -1).all()


def test_another_exposure_is_corrected() -> None:
    background = texture(60, 80) * np.float32(0.5) + np.float32(0.2)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    darker = WarpedSource(background * np.float32(0.7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    target = np.where(unknown[..., None], np.float32(0), background)
    inpainted, _ = select_sources(target, unknown, [darker], [0])
    assert np.abs(inpainted - background)[unknown].max() < 0.02


def test_background_visible_only_200_frames_later_is_found() -> None:
    image = (seen_from(camera(120, 80))[:96, :128] * 255).astype(np.uint8)
    frames = np.repeat(image[None], 230, 0)
    masks = np.zeros(frames.shape[:3], bool)
    masks[:, 30:60, 40:80] = True
    masks[215:222] = False
    masks[215:222, 5:20, 100:120] = True
    damaged = np.where(masks[..., None], np.uint8(200), frames)
    inpainted = vidinpaint.inpaint(damaged, masks)
    assert np.abs(inpainted[:20].astype(int) - frames[:20])[masks[:20]].mean() < 3
    assert np.array_equal(inpainted[~masks], frames[~masks])
