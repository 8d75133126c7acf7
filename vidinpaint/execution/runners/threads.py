"""The default runner for one clip: reading runs ahead, writing runs behind, computing is in between.

    read --[one window]--> compute --[one window]--> write

Memory is a fixed number of windows, whatever the clip's length. Pixels are the same as in `serial`: the phases only
overlap in time, the windows stay in order.
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
    """Take every window of the run through the graph, three phases at a time."""
    windows = run.windows
    stop = Event()
    failures: list[BaseException] = []
    ahead: Queue[Any] = Queue(1)
    behind: Queue[Any] = Queue(1)

    def read() -> None:
        for window in windows:
            _put(ahead, stop, run.read(window))

    def write() -> None:
        for _ in windows:
            run.write(_take(behind, stop))

    reading, writing = (Thread(target=_guarded, args=(phase, stop, failures), daemon=True) for phase in (read, write))
    reading.start()
    writing.start()
    try:
        for _ in windows:
            # no name refers to what is passed on: it is large, and is to be freed as soon as it is written
            run.compute(_take(ahead, stop), partial(_put, behind, stop))
        while writing.is_alive():
            writing.join(POLL_INTERVAL)  # short waits keep Ctrl-C alive
    except _Stopped:
        pass
    finally:
        stop.set()
        reading.join()
        writing.join()
    if failures:
        raise failures[0]


def _guarded(phase: Callable[[], None], stop: Event, failures: list[BaseException]) -> None:
    """Run a phase; what it raises is kept for the main thread, and the other phases are stopped."""
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
