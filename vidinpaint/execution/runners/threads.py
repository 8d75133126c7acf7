"""The runner for one clip: reading runs ahead, writing runs behind, computing is in between.

    read --[one window]--> compute --[one window]--> write

Memory is a fixed number of windows, however long the clip. Pixels are the same as in `serial`: the lanes only overlap
in time, the windows stay in order.
"""

from collections.abc import Callable
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from vidinpaint.execution.runners.window_run import Run

POLL = 0.1  # seconds between looks at whether another lane has failed


class _Stopped(Exception):
    """Another lane has failed."""


def run_threads(run: Run) -> None:
    """Take every window that is to be done through the graph, with three lanes at a time."""
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

    reading, writing = (Thread(target=_guarded, args=(lane, stop, failures), daemon=True) for lane in (read, write))
    reading.start()
    writing.start()
    try:
        for _ in windows:
            # no name is kept for what is passed on: it is large, and should go as soon as it is written
            run.compute(_take(ahead, stop), partial(_put, behind, stop))
        while writing.is_alive():
            writing.join(POLL)  # short waits keep Ctrl-C alive
    except _Stopped:
        pass
    finally:
        stop.set()
        reading.join()
        writing.join()
    if failures:
        raise failures[0]


def _guarded(lane: Callable[[], None], stop: Event, failures: list[BaseException]) -> None:
    """Run a lane; what it raises is kept for the main thread, and the others are told to stop."""
    try:
        lane()
    except _Stopped:
        pass
    except BaseException as error:
        failures.append(error)
        stop.set()


def _put(queue: "Queue[Any]", stop: Event, values: Any) -> None:
    while True:
        try:
            return queue.put(values, timeout=POLL)
        except Full:
            if stop.is_set():
                raise _Stopped from None


def _take(queue: "Queue[Any]", stop: Event) -> Any:
    while True:
        try:
            return queue.get(timeout=POLL)
        except Empty:
            if stop.is_set():
                raise _Stopped from None
