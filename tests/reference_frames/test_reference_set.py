"""ReferenceSet: which frames, how they are laid over each other, and that every window gets the same from them."""

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import texture
from vidinpaint.core.canvas import Source
from vidinpaint.core.window import Box
from vidinpaint.reference_frames.alignment import IDENTITY, Picture, align
from vidinpaint.reference_frames.frame_selection import select_frames
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.reference_frames.source_selection import choose
from vidinpaint.reference_frames.warp_source import WarpedSource

WORLD = cv2.resize(texture(180, 260), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).clip(0, 1)
NO_MASK = np.zeros((200, 280), bool)


def view(matrix: np.ndarray, seed: int = 0) -> np.ndarray:
    """280 x 200 pixels of the world, pixel (x, y, 1) lying at matrix @ (x, y, 1), with a little grain."""
    picture = cv2.warpPerspective(WORLD, matrix, (280, 200), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    grain = np.random.default_rng(seed).normal(0, 0.004, picture.shape)
    return np.clip(picture + grain, 0, 1).astype(np.float32)


def at(x: float, y: float, zoom: float = 1.0, turn: float = 0.0) -> np.ndarray:
    c, s = zoom * np.cos(turn), zoom * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def mask(x: int, y: int, width: int, height: int) -> np.ndarray:
    result = NO_MASK.copy()
    result[y : y + height, x : x + width] = True
    return result


def test_picked_frames_are_spread_and_prefer_masks_elsewhere() -> None:
    here, there = (Box(0, 0, 10, 10),), (Box(50, 0, 10, 10),)
    assert select_frames([here] * 80, 16) == select_frames([here] * 80, 7)
    assert len(select_frames([here] * 80, 16)) == 7
    assert len(select_frames([here] * 5, 16)) == 1
    gaps = np.diff([0, *select_frames([here] * 800, 16), 799])
    assert gaps.max() <= 100
    boxes = [here] * 300 + [there] * 4 + [()] * 4 + [here] * 300
    picked = select_frames(boxes, 4)
    assert any(300 <= index < 304 for index in picked)
    assert any(304 <= index < 308 for index in picked)


@pytest.mark.parametrize("matrix", [at(150, 90), at(100, 60, 1.2), at(140, 30, 0.9, 0.15)])
def test_a_moved_camera_is_found(matrix: np.ndarray) -> None:
    first = Picture.of(0, view(at(120, 80)), NO_MASK)
    second = Picture.of(9, view(matrix, 1), NO_MASK)
    found = align(first, second)
    assert found is not None
    truth = np.linalg.inv(matrix) @ at(120, 80)
    for corner in ((0, 0), (280, 0), (0, 200), (280, 200)):
        (a, b), (c, d) = (m[:2] @ (*corner, 1) / (m[2] @ (*corner, 1)) for m in (found, truth))
        assert np.hypot(a - c, b - d) < 0.8


def test_a_still_camera_is_found_whoever_walks_through() -> None:
    person = view(at(120, 80), 1)
    person[40:200, 100:160] = 0.5
    assert align(Picture.of(0, view(at(120, 80)), NO_MASK), Picture.of(9, person, NO_MASK)) is IDENTITY


def test_pictures_of_different_places_are_not_joined() -> None:
    elsewhere = np.random.default_rng(5).random((200, 280, 3)).astype(np.float32)
    assert align(Picture.of(0, view(at(120, 80)), NO_MASK), Picture.of(9, elsewhere, NO_MASK)) is None


def test_features_under_the_mask_do_not_count() -> None:
    covered = mask(0, 0, 200, 200)
    one = Picture.of(0, view(at(120, 80)), covered)
    assert len(one.points)
    assert one.points[:, 0].min() > 200


def test_what_one_reference_hides_another_shows() -> None:
    places = [at(120, 80), at(200, 90), at(60, 70)]
    pictures = [Picture.of(20 * k, view(place, k), mask(100, 60, 60, 70)) for k, place in enumerate(places)]
    reference_frames = ReferenceSet(
        lambda: pictures, lambda image, mask: np.where(mask[..., None], np.float32(0), image)
    )
    for k, completed in enumerate(reference_frames.views):
        hidden = pictures[k].mask
        assert (completed.source[hidden] == Source.PROPAGATED).all()
        error = completed.picture.pixels.astype(np.float32)[hidden] - view(places[k], k)[hidden]
        assert 10 * np.log10(1 / (error**2).mean()) > 30
        assert np.array_equal(completed.picture.pixels[~hidden], pictures[k].pixels.astype(np.float16)[~hidden])


def test_what_none_shows_is_synthesised_once() -> None:
    calls = []

    def fill(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        calls.append(mask.sum())
        return np.where(mask[..., None], np.float32(0.5 + 0.1 * len(calls)), image)

    pictures = [Picture.of(20 * k, view(at(120, 80), k), mask(100, 60, 40, 30)) for k in range(4)]
    reference_frames = ReferenceSet(lambda: pictures, fill)
    assert len(calls) == 0
    assert all(
        (completed.source[mask(100, 60, 40, 30)] == Source.SYNTHESISED).all() for completed in reference_frames.views
    )
    assert len(calls) == 1
    colours = [completed.picture.pixels[75, 120].astype(float) for completed in reference_frames.views]
    assert np.ptp(colours, 0).max() < 0.02


def test_a_person_in_one_source_is_passed_over() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    clean = WarpedSource(background, np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    person = background.copy()
    person[22:38, 32:48] = (1, 0, 0)
    target = np.where(unknown[..., None], np.float32(0), background)
    inpainted, number = choose(
        target, unknown, [WarpedSource(person, clean.valid, clean.label), clean, clean], [0, 0.01, 0.02]
    )
    assert (number[24:36, 34:46] > 0).all()
    assert (number[~unknown] == -1).all()
    assert np.abs(inpainted - background)[unknown].mean() < 0.005


def test_a_source_that_shows_something_else_is_refused() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    other = WarpedSource(texture(60, 80, 7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    _, number = choose(np.where(unknown[..., None], np.float32(0), background), unknown, [other], [0])
    assert (number == -1).all()


def test_another_exposure_is_corrected() -> None:
    background = texture(60, 80) * np.float32(0.5) + np.float32(0.2)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    darker = WarpedSource(background * np.float32(0.7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    target = np.where(unknown[..., None], np.float32(0), background)
    inpainted, _ = choose(target, unknown, [darker], [0])
    assert np.abs(inpainted - background)[unknown].max() < 0.02


def test_a_background_seen_only_200_frames_later_is_found() -> None:
    still = (view(at(120, 80))[:96, :128] * 255).astype(np.uint8)
    frames = np.repeat(still[None], 230, 0)
    masks = np.zeros(frames.shape[:3], bool)
    masks[:, 30:60, 40:80] = True
    masks[215:222] = False
    masks[215:222, 5:20, 100:120] = True
    given = np.where(masks[..., None], np.uint8(200), frames)
    inpainted = vidinpaint.inpaint(given, masks)
    assert np.abs(inpainted[:20].astype(int) - frames[:20])[masks[:20]].mean() < 3
    assert np.array_equal(inpainted[~masks], frames[~masks])
