"""Cuts, fades and dissolves are found; motion, flashes, jumping objects and exposure are not taken for cuts."""

import cv2
import numpy as np
import pytest

from vidinpaint.planning.difference import picture_difference
from vidinpaint.planning.shots import find_shots

ROWS, COLUMNS = 72, 128


def _scenery(seed: int) -> np.ndarray:
    """A large picture of texture at several scales, as uint8."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((300, 500), np.float32)
    for cells in (3, 8, 20, 60):
        noise = rng.normal(0, 1, (cells, cells * 2)).astype(np.float32)
        picture += cv2.resize(noise, (500, 300), interpolation=cv2.INTER_CUBIC) * (60 / cells**0.5)
    return np.asarray(np.clip(picture + rng.uniform(90, 160), 0, 255)).astype(np.uint8)


def _shot(seed: int, length: int, speed: float = 1.5) -> np.ndarray:
    """A camera that pans over scenery, `speed` pixels per frame, with a little grain."""
    scenery, rng = _scenery(seed), np.random.default_rng(seed + 1000)
    frames = []
    for t in range(length):
        x, y = int(t * speed), int(t * speed / 3)
        view = scenery[y : y + ROWS, x : x + COLUMNS]
        frames.append(np.clip(view + rng.normal(0, 2, view.shape), 0, 255).astype(np.uint8))
    return np.stack(frames)


def _starts(frames: np.ndarray) -> list[int]:
    shots = find_shots(frames)
    assert [stop for _, stop in shots] == [*(start for start, _ in shots[1:]), len(frames)]
    return [start for start, _ in shots[1:]]


def test_difference_is_0_to_itself_and_large_to_another_scene() -> None:
    one, other = _shot(0, 1)[0][::2, ::2].astype(np.float32), _shot(1, 1)[0][::2, ::2].astype(np.float32)
    assert picture_difference(one, one) == 0
    assert picture_difference(one, one + 30) == pytest.approx(0, abs=1e-3)
    assert picture_difference(one, np.roll(one, 4, axis=1)) < 0.2
    assert picture_difference(one, other) > 0.65
    blank = np.full_like(one, 90)
    assert picture_difference(blank, blank + 100) == 0
    assert picture_difference(one, blank) > 0.9


def test_no_frame_and_one_frame() -> None:
    assert find_shots([]) == ()
    assert find_shots(_shot(0, 1)) == ((0, 1),)


def test_hard_cuts() -> None:
    lengths = [12, 1, 7, 2, 30, 5]
    frames = np.concatenate([_shot(seed, length) for seed, length in enumerate(lengths)])
    assert _starts(frames) == np.cumsum(lengths)[:-1].tolist()


@pytest.mark.parametrize("speed", [0, 1.5, 6, 10, 16])
def test_motion_is_no_cut(speed: float) -> None:
    assert _starts(_shot(3, 20, speed)) == []


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("bright", [255, 0])
def test_flashes_are_no_cuts(length: int, bright: int) -> None:
    frames = _shot(4, 30)
    frames[12 : 12 + length] = bright
    assert _starts(frames) == []
    frames = np.concatenate([frames, _shot(5, 10)])
    assert _starts(frames) == [30]


def test_a_jump_of_exposure_is_no_cut() -> None:
    frames = _shot(6, 20)
    frames[9:] = np.clip(frames[9:] * 0.5 + 20, 0, 255).astype(np.uint8)
    assert _starts(frames) == []


@pytest.mark.parametrize("seed", range(7, 11))
def test_an_object_that_jumps_is_no_cut(seed: int) -> None:
    frames, other = _shot(seed, 24), _scenery(seed + 50)
    for t in range(0, 24, 3):
        y, x = (t * 7) % 20, (t * 13) % 60
        frames[t, y : y + 50, x : x + 60] = other[y : y + 50, x : x + 60]
    assert _starts(frames) == []


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("blank", [1, 6])
@pytest.mark.parametrize("slope", [4, 15])
def test_fades_have_one_boundary_where_it_is_blank(level: int, blank: int, slope: int) -> None:
    weight = np.concatenate(
        [
            np.ones(20),
            np.linspace(1, 0, slope + 1)[1:-1],
            np.zeros(blank),
            np.linspace(0, 1, slope + 1)[1:-1],
            np.ones(20),
        ]
    )[:, None, None]
    half = 20 + slope - 1
    content = np.concatenate([_shot(9, half + blank), _shot(10, len(weight) - half - blank)])
    (start,) = _starts(np.round(content * weight + level * (1 - weight)).astype(np.uint8))
    assert half <= start < half + blank


def test_fading_in_and_out_at_the_ends_of_a_clip_is_no_boundary() -> None:
    weight = np.concatenate([[0, 0, 0], np.linspace(0, 1, 10), np.ones(20), np.linspace(1, 0, 10), [0, 0, 0]])
    assert _starts((_shot(11, len(weight)) * weight[:, None, None]).astype(np.uint8)) == []


@pytest.mark.parametrize("shape", [(72, 40), (72, 300), (24, 30), (5, 4), (1, 1)])
def test_any_shape(shape: tuple[int, int]) -> None:
    one, other = (cv2.resize(_scenery(seed)[:72, :128], shape[::-1], interpolation=cv2.INTER_AREA) for seed in (0, 1))
    starts = _starts(np.stack([one.reshape(shape)] * 4 + [other.reshape(shape)] * 4))
    assert starts == [4] if min(shape) >= 24 else len(starts) <= 1


def _dissolve(one: np.ndarray, other: np.ndarray, start: int, length: int) -> np.ndarray:
    """Both scenes go on; the second is mixed into the first from frame `start` on, and alone `length` frames later."""
    share = np.clip((np.arange(len(one)) - start) / length, 0, 1)[:, None, None]
    return np.round(one * (1 - share) + other * share).astype(np.uint8)


@pytest.mark.parametrize("length", [8, 16, 24, 40])
@pytest.mark.parametrize("speed", [0, 0.4])
def test_a_dissolve_has_one_boundary_near_its_middle(length: int, speed: float) -> None:
    frames = _dissolve(_shot(12, 80, speed), _shot(13, 80, -speed / 2 + 0.5), 20, length)
    (start,) = _starts(frames)
    assert abs(start - (20 + length / 2)) <= max(2, length / 4)


def test_a_dissolve_to_the_same_scene_is_none() -> None:
    one = _shot(14, 60, 0)
    assert _starts(_dissolve(one, np.clip(one * 0.7 + 20, 0, 255), 20, 16)) == []


def test_cuts_beside_a_dissolve_stay() -> None:
    frames = np.concatenate([_shot(15, 30, 0), _dissolve(_shot(16, 60, 0), _shot(17, 60, 0), 20, 16), _shot(18, 30, 0)])
    first, middle, last = _starts(frames)
    assert (first, last) == (30, 90)
    assert abs(middle - (30 + 28)) <= 3
