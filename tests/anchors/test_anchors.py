"""Anchors: which frames, how they are laid over each other, and that every window gets the same from them."""

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import texture
from vidinpaint.anchors.album import Anchors
from vidinpaint.anchors.alignment import IDENTITY, Picture, align
from vidinpaint.anchors.choice import choose
from vidinpaint.anchors.drawing import Drawn
from vidinpaint.anchors.picking import pick_frames
from vidinpaint.canvas import Source
from vidinpaint.window import Box

WORLD = cv2.resize(texture(180, 260), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).clip(0, 1)
NO_HOLE = np.zeros((200, 280), bool)


def view(matrix: np.ndarray, seed: int = 0) -> np.ndarray:
    """280 x 200 pixels of the world, pixel (x, y, 1) lying at matrix @ (x, y, 1), with a little grain."""
    picture = cv2.warpPerspective(WORLD, matrix, (280, 200), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    grain = np.random.default_rng(seed).normal(0, 0.004, picture.shape)
    return np.clip(picture + grain, 0, 1).astype(np.float32)


def at(x: float, y: float, zoom: float = 1.0, turn: float = 0.0) -> np.ndarray:
    c, s = zoom * np.cos(turn), zoom * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def hole(x: int, y: int, width: int, height: int) -> np.ndarray:
    result = NO_HOLE.copy()
    result[y : y + height, x : x + width] = True
    return result


def test_picked_frames_are_spread_and_prefer_holes_elsewhere() -> None:
    here, there = (Box(0, 0, 10, 10),), (Box(50, 0, 10, 10),)
    assert pick_frames([here] * 80, 16) == pick_frames([here] * 80, 7)
    assert len(pick_frames([here] * 80, 16)) == 7
    assert len(pick_frames([here] * 5, 16)) == 1
    gaps = np.diff([0, *pick_frames([here] * 800, 16), 799])
    assert gaps.max() <= 100
    boxes = [here] * 300 + [there] * 4 + [()] * 4 + [here] * 300
    picked = pick_frames(boxes, 4)
    assert any(300 <= index < 304 for index in picked)
    assert any(304 <= index < 308 for index in picked)


@pytest.mark.parametrize("matrix", [at(150, 90), at(100, 60, 1.2), at(140, 30, 0.9, 0.15)])
def test_a_moved_camera_is_found(matrix: np.ndarray) -> None:
    first = Picture.of(0, view(at(120, 80)), NO_HOLE)
    second = Picture.of(9, view(matrix, 1), NO_HOLE)
    found = align(first, second)
    assert found is not None
    truth = np.linalg.inv(matrix) @ at(120, 80)
    for corner in ((0, 0), (280, 0), (0, 200), (280, 200)):
        (a, b), (c, d) = (m[:2] @ (*corner, 1) / (m[2] @ (*corner, 1)) for m in (found, truth))
        assert np.hypot(a - c, b - d) < 0.8


def test_a_still_camera_is_found_whoever_walks_through() -> None:
    person = view(at(120, 80), 1)
    person[40:200, 100:160] = 0.5
    assert align(Picture.of(0, view(at(120, 80)), NO_HOLE), Picture.of(9, person, NO_HOLE)) is IDENTITY


def test_pictures_of_different_places_are_not_joined() -> None:
    elsewhere = np.random.default_rng(5).random((200, 280, 3)).astype(np.float32)
    assert align(Picture.of(0, view(at(120, 80)), NO_HOLE), Picture.of(9, elsewhere, NO_HOLE)) is None


def test_features_under_the_hole_do_not_count() -> None:
    covered = hole(0, 0, 200, 200)
    one = Picture.of(0, view(at(120, 80)), covered)
    assert len(one.points)
    assert one.points[:, 0].min() > 200


def test_what_one_anchor_hides_another_shows() -> None:
    places = [at(120, 80), at(200, 90), at(60, 70)]
    pictures = [Picture.of(20 * k, view(place, k), hole(100, 60, 60, 70)) for k, place in enumerate(places)]
    anchors = Anchors(lambda: pictures, lambda image, hole: np.where(hole[..., None], np.float32(0), image))
    for k, completed in enumerate(anchors.views):
        hidden = pictures[k].hole
        assert (completed.source[hidden] == Source.PROPAGATED).all()
        error = completed.picture.pixels.astype(np.float32)[hidden] - view(places[k], k)[hidden]
        assert 10 * np.log10(1 / (error**2).mean()) > 30
        assert np.array_equal(completed.picture.pixels[~hidden], pictures[k].pixels.astype(np.float16)[~hidden])


def test_what_none_shows_is_invented_once() -> None:
    calls = []

    def fill(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        calls.append(hole.sum())
        return np.where(hole[..., None], np.float32(0.5 + 0.1 * len(calls)), image)

    pictures = [Picture.of(20 * k, view(at(120, 80), k), hole(100, 60, 40, 30)) for k in range(4)]
    anchors = Anchors(lambda: pictures, fill)
    assert len(calls) == 0
    assert all((completed.source[hole(100, 60, 40, 30)] == Source.SYNTHESISED).all() for completed in anchors.views)
    assert len(calls) == 1
    colours = [completed.picture.pixels[75, 120].astype(float) for completed in anchors.views]
    assert np.ptp(colours, 0).max() < 0.02


def test_a_person_in_one_source_is_passed_over() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    clean = Drawn(background, np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    person = background.copy()
    person[22:38, 32:48] = (1, 0, 0)
    target = np.where(unknown[..., None], np.float32(0), background)
    painted, number = choose(target, unknown, [Drawn(person, clean.valid, clean.label), clean, clean], [0, 0.01, 0.02])
    assert (number[24:36, 34:46] > 0).all()
    assert (number[~unknown] == -1).all()
    assert np.abs(painted - background)[unknown].mean() < 0.005


def test_a_source_that_shows_something_else_is_refused() -> None:
    background = texture(60, 80)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    other = Drawn(texture(60, 80, 7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    _, number = choose(np.where(unknown[..., None], np.float32(0), background), unknown, [other], [0])
    assert (number == -1).all()


def test_another_exposure_is_corrected() -> None:
    background = texture(60, 80) * np.float32(0.5) + np.float32(0.2)
    unknown = np.zeros((60, 80), bool)
    unknown[20:40, 30:50] = True
    darker = Drawn(background * np.float32(0.7), np.ones((60, 80), bool), np.zeros((60, 80), np.uint8))
    target = np.where(unknown[..., None], np.float32(0), background)
    painted, _ = choose(target, unknown, [darker], [0])
    assert np.abs(painted - background)[unknown].max() < 0.02


def test_a_background_seen_only_200_frames_later_is_found() -> None:
    still = (view(at(120, 80))[:96, :128] * 255).astype(np.uint8)
    frames = np.repeat(still[None], 230, 0)
    holes = np.zeros(frames.shape[:3], bool)
    holes[:, 30:60, 40:80] = True
    holes[215:222] = False
    holes[215:222, 5:20, 100:120] = True
    given = np.where(holes[..., None], np.uint8(200), frames)
    painted = vidinpaint.inpaint(given, holes)
    assert np.abs(painted[:20].astype(int) - frames[:20])[holes[:20]].mean() < 3
    assert np.array_equal(painted[~holes], frames[~holes])
