"""A pool of processes: workers are ready, answer, die; their libraries keep to their threads."""

import os
import signal
from typing import Any

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.execution.runners.process_pool import ProcessPool
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied

HERE = "tests.execution.runners.test_pools:"


def make_teller() -> Any:
    """Replys with what it is asked for about its process."""

    def work(asked: str) -> Any:
        if asked == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if asked == "threads":
            import cv2
            import numba

            kept = numba.get_num_threads(), numba.config.NUMBA_NUM_THREADS, cv2.getNumThreads()
            numba.njit(parallel=True)(lambda x: x + 1)(1)  # compiling looks at the variables again
            return kept
        return os.getpid()

    return work


def heard(pool: ProcessPool, count: int) -> list[Event]:
    events: list[Event] = []
    for _ in range(600):
        events += pool.events(0.1)
        if len(events) >= count:
            break
    return events


def test_the_life_of_workers() -> None:
    pool = ProcessPool(HERE + "make_teller")
    try:
        one, two = pool.start("cpu"), pool.start("cpu")
        assert sorted(heard(pool, 2), key=lambda event: event.worker) == [Ready(one), Ready(two)]
        pool.submit(one, "pid")
        (said,) = heard(pool, 1)
        assert isinstance(said, Reply)
        pool.submit(two, "die")
        (lost,) = heard(pool, 1)
        assert isinstance(lost, WorkerDied)
        assert (lost.worker, "-9" in lost.why) == (two, True)
        pool.submit(one, "threads")
        assert heard(pool, 1) == [Reply(one, (1, 1, 1))]
        pool.kill(one)
        pool.kill(one)
        assert pool.events(0) == []
        three = pool.start("cpu")
        assert three not in (one, two)
        assert heard(pool, 1) == [Ready(three)]
    finally:
        pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(said.value, 0)


def test_processes_have_no_gpus() -> None:
    with pytest.raises(SettingError, match="--runner ray"):
        ProcessPool(HERE + "make_teller").start("gpu")
