"""Marching in time over the pixels of a mask."""

import numpy as np

from tests.inpainters.recorded_progress import RecordedProgress
from vidinpaint.core.progress import forward_progress
from vidinpaint.inpainters.pde.marching import STEPS_PER_CHUNK, diffuse, march, windows, with_neighbours


def test_windows_repeat_the_border() -> None:
    where = np.zeros((3, 4), bool)
    where[1, 2] = where[0, 0] = True
    assert windows(where).tolist() == [[0, 0, 1, 0, 0, 1, 4, 4, 5], [1, 2, 3, 5, 6, 7, 9, 10, 11]]
    assert windows(np.ones((1, 1), bool)).tolist() == [[0] * 9]


def test_with_neighbours_adds_four_neighbours_inside_the_image() -> None:
    mask = np.zeros((3, 4), bool)
    mask[1, 3] = True
    assert with_neighbours(mask).astype(int).tolist() == [[0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]]


def test_one_step_of_diffusion() -> None:
    values = np.zeros((9, 3), np.float32)
    values[1], values[3] = (1, 0, 0), (0, 1, 0)
    diffusivity = np.ones(9, np.float32)
    diffusivity[3] = 0
    where = np.zeros((3, 3), bool)
    where[1, 1] = True
    largest = diffuse(values, windows(where), diffusivity, np.float32(0.2), np.empty((1, 3), np.float32))
    assert np.allclose(values[4], (0.2, 0.1, 0))
    assert np.isclose(largest, 0.2)


def test_a_step_does_not_depend_on_the_order_of_the_pixels() -> None:
    random = np.random.default_rng(1)
    values, diffusivity = random.random((42, 3)).astype(np.float32), random.random(42).astype(np.float32)
    around, change = windows(random.random((6, 7)) < 0.6), np.empty((42, 3), np.float32)
    forward, backward = values.copy(), values.copy()
    diffuse(forward, around, diffusivity, np.float32(0.25), change)
    diffuse(backward, np.ascontiguousarray(around[::-1]), diffusivity, np.float32(0.25), change)
    assert np.array_equal(forward, backward)
    assert not np.array_equal(forward, values)


def test_marches_all_iterations_in_chunks_and_reports_progress() -> None:
    steps: list[int] = []
    progress = RecordedProgress()

    def advance(count: int) -> float:
        steps.append(count)
        return 1.0

    with forward_progress(progress, 100):
        march(advance, 2 * STEPS_PER_CHUNK + 3)
    assert steps == [STEPS_PER_CHUNK, STEPS_PER_CHUNK, 3]
    assert progress.done == 100


def test_stops_when_converged() -> None:
    changes = iter((1.0, 1e-3, 1e-5, 1e-8))
    march(lambda count: next(changes), 10 * STEPS_PER_CHUNK, converged=1e-4)
    assert list(changes) == [1e-8]
