"""A pool of processes: workers start, answer and die; their libraries use the given number of threads."""

import os
import signal
from typing import Any

import pytest

from tests.interruptible import posix_only
from vidinpaint.core.errors import SettingError
from vidinpaint.execution.runners.process_pool import ProcessPool
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied

HERE = "tests.execution.runners.test_pools:"


def make_reporter() -> Any:
    """A worker that reports facts about its process."""

    def work(question: str) -> Any:
        if question == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if question == "threads":
            import cv2
            import numba

            counts = numba.get_num_threads(), numba.config.NUMBA_NUM_THREADS, cv2.getNumThreads()
            numba.njit(parallel=True)(lambda x: x + 1)(1)  # compiling reads the variables again
            return counts
        return os.getpid()

    return work


def collect(pool: ProcessPool, count: int) -> list[Event]:
    events: list[Event] = []
    for _ in range(600):
        events += pool.events(0.1)
        if len(events) >= count:
            break
    return events


@posix_only
def test_the_life_of_workers() -> None:
    pool = ProcessPool(HERE + "make_reporter")
    try:
        one, two = pool.start("cpu"), pool.start("cpu")
        assert sorted(collect(pool, 2), key=lambda event: event.worker) == [Ready(one), Ready(two)]
        pool.submit(one, "pid")
        (reply,) = collect(pool, 1)
        assert isinstance(reply, Reply)
        pool.submit(two, "die")
        (death,) = collect(pool, 1)
        assert isinstance(death, WorkerDied)
        assert (death.worker, "-9" in death.why) == (two, True)
        pool.submit(one, "threads")
        assert collect(pool, 1) == [Reply(one, (1, 1, 1))]
        pool.kill(one)
        pool.kill(one)
        assert pool.events(0) == []
        three = pool.start("cpu")
        assert three not in (one, two)
        assert collect(pool, 1) == [Ready(three)]
    finally:
        pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(reply.value, 0)


def test_processes_refuse_gpu_workers() -> None:
    with pytest.raises(SettingError, match="--runner ray"):
        ProcessPool(HERE + "make_reporter").start("gpu")
