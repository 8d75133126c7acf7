"""`find_marks` on small clips made here: texture that moves or stands still, with a mark or without."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from vidinpaint.detection.detection import Detection, draw
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.find import find_marks

HEIGHT, WIDTH, FRAMES = 120, 200, 48


def texture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """float32 (height, width): smooth noise with strong edges in all directions."""
    noise = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return 120 + 60 * np.tanh(smooth / smooth.std())


def panned(step: float = 3.0, frames: int = FRAMES) -> np.ndarray:
    """float32 (frames, HEIGHT, WIDTH): a camera that pans by `step` pixels a frame, and up and down a little."""
    wide = texture(HEIGHT + 40, WIDTH + int(step * frames) + 2)
    rise = (16 + 12 * np.sin(np.arange(frames) / 4)).round().astype(int)
    left = (step * np.arange(frames)).round().astype(int)
    return np.stack([wide[y : y + HEIGHT, x : x + WIDTH] for x, y in zip(left, rise)])


def logo(width: int = 60) -> np.ndarray:
    """float32 (24, width): opacity of a ring and a word, 0 to 1."""
    picture = np.zeros((24, width), np.uint8)
    cv2.circle(picture, (12, 12), 8, 255, 3)
    cv2.putText(picture, "TV", (24, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2)
    return picture.astype(np.float32) / 255


def imposed(frames: np.ndarray, x: int, y: int, opacity: float, shown: slice = slice(None)) -> np.ndarray:
    """The frames with a white logo at (x, y); and where it is, bool of the same shape."""
    alpha = opacity * logo()
    part = frames[shown, y : y + alpha.shape[0], x : x + alpha.shape[1]]
    part[:] = part * (1 - alpha) + 255 * alpha
    truth = np.zeros(frames.shape, bool)
    truth[shown, y : y + alpha.shape[0], x : x + alpha.shape[1]] = alpha > 0
    return truth


def footage(frames: np.ndarray, shots: tuple[tuple[int, int], ...] = ()) -> Footage:
    noisy = frames + np.random.default_rng(1).normal(scale=1.5, size=frames.shape)
    grey = noisy.clip(0, 255).round().astype(np.uint8)
    times = tuple(Fraction(n, 25) for n in range(len(grey)))
    return Footage(
        *grey.shape[1:],
        times,
        shots or ((0, len(grey)),),
        lambda start, stop: grey[start:stop, ..., None].repeat(3, -1),
        lambda start, stop: grey[start:stop],
    )


def measured(found: list[Detection], truth: np.ndarray) -> tuple[float, float]:
    """Share of the mark that is covered, and of the frame that is touched elsewhere."""
    masks = draw(found, 0, *truth.shape)
    return float(masks[truth].mean()), float((masks & ~truth).mean())


@pytest.mark.parametrize("opacity", [0.4, 1.0])
@pytest.mark.parametrize(("x", "y"), [(8, 8), (70, 48), (134, 90)])
def test_a_mark_is_covered_and_little_else(opacity: float, x: int, y: int) -> None:
    frames = panned()
    truth = imposed(frames, x, y, opacity)
    found = find_marks(footage(frames))
    covered, touched = measured(found, truth)
    assert [(one.kind, one.start, one.stop) for one in found] == [("mark", 0, FRAMES)]
    assert covered > 0.95
    assert touched < 0.025  # the outlines of a mark that is 3 % of this small frame


def test_nothing_is_found_in_a_moving_clip_without_a_mark() -> None:
    assert find_marks(footage(panned())) == []


def test_nothing_is_found_where_the_camera_stands_still() -> None:
    scene = texture(HEIGHT, WIDTH).astype(np.uint8)
    cv2.putText(scene, "EXIT", (70, 70), cv2.FONT_HERSHEY_SIMPLEX, 1, 255, 2)
    frames = np.repeat(scene[None].astype(np.float32), FRAMES, 0)
    for index, frame in enumerate(frames):
        frame[60:, 3 * index : 3 * index + 20] = 30  # somebody walks through
    assert find_marks(footage(frames)) == []


def test_two_marks_are_two_detections() -> None:
    frames = panned()
    imposed(frames, 8, 8, 0.8)
    imposed(frames, 130, 88, 0.8)
    assert [one.box.x < 100 for one in find_marks(footage(frames))] in ([True, False], [False, True])


def test_black_bars_are_no_mark() -> None:
    frames = panned()
    frames[:, :14] = frames[:, -14:] = 16
    assert find_marks(footage(frames)) == []


def test_a_mark_that_comes_is_timed_to_the_frame() -> None:
    frames = panned()
    imposed(frames, 8, 8, 0.8, slice(13, None))
    (found,) = find_marks(footage(frames))
    assert abs(found.start - 13) <= 1
    assert found.stop == FRAMES


def test_a_mark_that_jumps_is_found_at_both_places() -> None:
    frames = panned()
    imposed(frames, 8, 8, 0.8, slice(0, 24))
    imposed(frames, 130, 80, 0.8, slice(24, None))
    found = find_marks(footage(frames))
    assert [one.box.x < 100 for one in found] == [True, False]
    assert abs(found[0].stop - 24) <= 1
    assert abs(found[1].start - 24) <= 1


def test_a_mark_over_a_trembling_picture_is_found_because_it_does_not_tremble() -> None:
    scene = texture(HEIGHT, WIDTH)
    random = np.random.default_rng(2)
    shifts = [np.float32([[1, 0, dx], [0, 1, dy]]) for dx, dy in random.normal(scale=0.3, size=(FRAMES, 2))]
    frames = np.stack([cv2.warpAffine(scene, m, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT) for m in shifts])
    assert find_marks(footage(frames.copy())) == []
    truth = imposed(frames, 70, 50, 1.0)
    covered, touched = measured(find_marks(footage(frames)), truth)
    assert covered > 0.95
    assert touched < 0.05


def walked_through(frames: int = 96) -> np.ndarray:
    """float32 (frames, HEIGHT, WIDTH): a still scene, before which three people in dark clothes walk by."""
    scene = texture(HEIGHT, WIDTH) * 0.2 + 80
    walkers = [texture(80, 60, seed) * 0.1 + light for seed, light in ((3, 20), (4, 60), (5, 40))]
    wide = np.zeros((80, 3 * WIDTH), np.float32)
    for index, walker in enumerate(walkers):
        wide[:, index * WIDTH :][:, :60] = walker
    clip = np.repeat(scene[None].astype(np.float32), frames, 0)
    for index, frame in enumerate(clip):
        front = np.roll(wide, 3 * WIDTH * index // frames, 1)[:, :WIDTH]
        frame[30:110][front != 0] = front[front != 0]
    return clip


def test_a_mark_on_a_still_scene_is_found_by_what_passes_behind_it() -> None:
    frames = walked_through()
    assert find_marks(footage(frames.copy())) == []
    truth = imposed(frames, 70, 60, 0.6)
    covered, touched = measured(find_marks(footage(frames)), truth)
    assert covered > 0.95
    assert touched < 0.05


def test_a_sign_that_people_pass_behind_is_no_mark() -> None:
    frames = walked_through()
    imposed(frames, 70, 60, 1.0)
    assert find_marks(footage(frames)) == []


@pytest.mark.parametrize("frames", [1, 5, 40])
def test_black_and_short_clips_have_no_mark(frames: int) -> None:
    assert find_marks(footage(np.full((frames, 40, 60), 16.0))) == []


def test_a_slide_show_has_no_mark() -> None:
    slides = [np.repeat(texture(HEIGHT, WIDTH, seed)[None], 16, 0) for seed in range(3)]
    shots = ((0, 16), (16, 32), (32, 48))
    assert find_marks(footage(np.concatenate(slides), shots)) == []


def test_the_same_clip_gives_the_same_masks() -> None:
    frames = panned()
    imposed(frames, 8, 8, 0.5)
    first, second = (find_marks(footage(frames)) for _ in range(2))
    assert [one.box for one in first] == [one.box for one in second]
    assert all((one.mask == other.mask).all() for one, other in zip(first, second))
