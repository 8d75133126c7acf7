from collections.abc import Sequence

import numpy as np

from tests.marks.scene import blended, box, mark, moving
from vidinpaint.marks.estimated_mark import choose_frames, estimate_mark
from vidinpaint.marks.opacity_over_time import opacity_factors, settled, steadied

SUPPORT = mark().alpha > 0


def test_the_factor_of_each_frame_is_found():
    opacity = np.array([0, 0.25, 0.5, 0.75, 1], np.float32)
    factors, deviations = opacity_factors(blended(moving(5), mark(), opacity), mark(), SUPPORT)
    assert np.abs(factors - opacity).max() < 0.15
    assert deviations.max() < 0.3


def test_a_white_mark_over_white_tells_nothing():
    white = np.ones((1, *SUPPORT.shape, 3), np.float32)
    factors, deviations = opacity_factors(blended(white, mark()), mark(), SUPPORT)
    assert deviations[0] > 1
    assert settled(factors, deviations)[0] == 1


def test_factors_near_full_and_none_are_settled():
    factors = settled(np.array([0.05, 0.5, 0.93, 0.6]), np.array([0.01, 0.01, 0.01, 0.2]))
    assert factors.tolist() == [0, 0.5, 1, 1]


def test_frames_without_the_mark_are_left_out_of_the_estimate_and_told():
    opacity = np.repeat(np.array([0, 1], np.float32), (20, 80))
    frames = blended(moving(100), mark(), opacity)
    reads: list[int] = []

    def read(numbers: Sequence[int]) -> np.ndarray:
        reads.extend(numbers)
        return frames[list(numbers)]

    found = estimate_mark(read, box(), ((0, 100),), 100)
    assert np.array_equal(found.opacity > 0.5, opacity > 0.5)
    assert np.abs(found.template.alpha - mark().alpha)[mark().alpha > 0.49].mean() < 0.04
    assert len(reads) < 80
    around = found.box
    assert around is not None
    assert 12 <= around.y <= 19
    assert 13 <= around.x <= 19


def test_no_mark_has_no_box_and_no_opacity():
    found = estimate_mark(
        lambda numbers: np.full((len(numbers), *SUPPORT.shape, 3), 0.5, np.float32), box(), ((0, 9),), 9
    )
    assert found.box is None
    assert not found.opacity.any()


def test_every_shot_gives_a_frame():
    shots = ((0, 300), (300, 303), (303, 1000))
    chosen = choose_frames(shots, 1000, 40)
    assert len(chosen) <= 40
    assert chosen == sorted(set(chosen))
    assert all(any(start <= frame < stop for frame in chosen) for start, stop in shots)


def test_more_shots_than_frames():
    shots = tuple((frame, frame + 1) for frame in range(100))
    assert len(choose_frames(shots, 100, 10)) == 10


def test_a_frame_that_tells_nothing_follows_its_neighbours():
    factors = np.array([0.5, 1.0, 0.5])
    steady, deviations = steadied(np.arange(3), factors, np.array([0.02, 1.5, 0.02]))
    assert np.abs(steady - 0.5).max() < 0.02
    assert deviations[1] < 0.1


def test_frames_far_away_tell_nothing():
    factors = np.array([0.0, 1.0])
    steady, _ = steadied(np.array([0, 50]), factors, np.array([0.1, 0.1]))
    assert steady.tolist() == factors.tolist()
