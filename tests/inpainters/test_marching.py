"""Marching in time over the pixels of a mask."""

import numpy as np

from vidinpaint.core.progress import forward_progress
from vidinpaint.inpainters.pde.marching import STEPS, diffuse, march, windows


def test_windows_repeat_the_border() -> None:
    where = np.zeros((3, 4), bool)
    where[1, 2] = where[0, 0] = True
    assert windows(where).tolist() == [[0, 0, 1, 0, 0, 1, 4, 4, 5], [1, 2, 3, 5, 6, 7, 9, 10, 11]]
    assert windows(np.ones((1, 1), bool)).tolist() == [[0] * 9]


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


class Told:
    """A progress that remembers how far it got."""

    def __init__(self) -> None:
        self.done = 0

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None:
        self.done += count

    def end(self) -> None: ...


def test_marches_all_iterations_in_parts_and_says_so() -> None:
    steps: list[int] = []
    told = Told()

    def advance(count: int) -> float:
        steps.append(count)
        return 1.0

    with forward_progress(told, 100):
        march(advance, 2 * STEPS + 3)
    assert steps == [STEPS, STEPS, 3]
    assert told.done == 100


def test_stops_where_nothing_moves_any_more() -> None:
    changes = iter((1.0, 1e-3, 1e-5, 1e-8))
    march(lambda count: next(changes), 10 * STEPS, still=1e-4)
    assert list(changes) == [1e-8]
