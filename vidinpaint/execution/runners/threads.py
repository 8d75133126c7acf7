"""`run_threads`: the default runner for one clip, which reads, computes and writes windows at the same time.

    read --[one window]--> compute --[one window]--> write

It holds a fixed number of windows in memory, for a clip of any length. Pixels are the same as with `run_serial`: the
phases overlap in time, but the windows stay in order.
"""

from collections.abc import Callable
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from vidinpaint.execution.runners.window_run import WindowRun

POLL_INTERVAL = 0.1  # seconds between checks whether another phase has failed


class _Stopped(Exception):
    """Another phase has failed."""


def run_threads(run: WindowRun) -> None:
    """Read, compute and write every window of the run, each of the three in a thread of its own."""
    windows = run.windows
    stop = Event()
    failures: list[BaseException] = []
    to_compute: Queue[Any] = Queue(1)
    to_write: Queue[Any] = Queue(1)

    def read() -> None:
        for window in windows:
            _put(to_compute, stop, run.read(window))

    def write() -> None:
        for _ in windows:
            run.write(_take(to_write, stop))

    reading, writing = (Thread(target=_guarded, args=(phase, stop, failures), daemon=True) for phase in (read, write))
    reading.start()
    writing.start()
    try:
        for _ in windows:
            # no variable holds the values: they are large, and are freed as soon as they are written
            run.compute(_take(to_compute, stop), partial(_put, to_write, stop))
        while writing.is_alive():
            writing.join(POLL_INTERVAL)  # a wait without a timeout would delay Ctrl-C
    except _Stopped:
        pass
    finally:
        stop.set()
        reading.join()
        writing.join()
    if failures:
        raise failures[0]


def _guarded(phase: Callable[[], None], stop: Event, failures: list[BaseException]) -> None:
    """Run a phase; if it raises, keep the exception for the main thread and stop the other phases."""
    try:
        phase()
    except _Stopped:
        pass
    except BaseException as error:
        failures.append(error)
        stop.set()


def _put(queue: "Queue[Any]", stop: Event, values: Any) -> None:
    while True:
        try:
            return queue.put(values, timeout=POLL_INTERVAL)
        except Full:
            if stop.is_set():
                raise _Stopped from None


def _take(queue: "Queue[Any]", stop: Event) -> Any:
    while True:
        try:
            return queue.get(timeout=POLL_INTERVAL)
        except Empty:
            if stop.is_set():
                raise _Stopped from None
