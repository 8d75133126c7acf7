"""Kernels run in ranges: every item once, whatever the number of threads."""

from collections.abc import Iterator

import numba
import numpy as np
import pytest

from vidinpaint.numerics.kernels import kernel, run_in_ranges


@pytest.fixture(autouse=True, params=[1, numba.config.NUMBA_NUM_THREADS])
def threads(request: pytest.FixtureRequest) -> Iterator[None]:
    before = numba.get_num_threads()
    numba.set_num_threads(request.param)
    yield
    numba.set_num_threads(before)


@kernel
def _count(start, stop, calls):  # type: ignore[no-untyped-def]
    for k in range(start, stop):
        calls[k] += 1


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 9, 1000])
def test_every_item_is_done_once(count: int) -> None:
    calls = np.zeros(count, np.int64)
    run_in_ranges(_count, count, calls)
    assert (calls == 1).all()


def test_a_failure_in_one_range_is_raised() -> None:
    def fail(start: int, stop: int) -> None:
        if start <= 5 < stop:
            raise ValueError("five")

    with pytest.raises(ValueError, match="five"):
        run_in_ranges(fail, 20)
