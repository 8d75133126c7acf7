"""`WorkerPool`: workers that are given one task at a time and may die at any moment.

A worker is a process that holds one callable, made there, and calls it with each task. What the callable holds (models,
open clips) lives as long as the process. A pool retries nothing: whoever submits the tasks does that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

WorkerFactory = str
"""MODULE:FUNCTION, which makes the callable in the worker. A name, so that thread counts are set before any import."""


def make_callable(factory: WorkerFactory) -> Callable[[Any], Any]:
    """What the factory makes, in this process."""
    module, _, name = factory.partition(":")
    made: Callable[[Any], Any] = getattr(import_module(module), name)()
    return made


@dataclass(frozen=True)
class Ready:
    """A worker has started."""

    worker: int


@dataclass(frozen=True)
class Reply:
    """A worker has finished its task."""

    worker: int
    value: Any


@dataclass(frozen=True)
class WorkerDied:
    """A worker has ended; `why` says what is known about it."""

    worker: int
    why: str


Event = Ready | Reply | WorkerDied


class WorkerPool(Protocol):
    """Workers by number; a number is never used twice."""

    def start(self, kind: str) -> int:
        """Start a worker with the resources of `kind` ("cpu" or "gpu"); it takes tasks once it is `Ready`."""
        ...

    def submit(self, worker: int, task: Any) -> None:
        """Give a task to a worker that is ready and idle."""
        ...

    def events(self, timeout: float) -> list[Event]:
        """What has happened; waits at most `timeout` seconds for something to happen."""
        ...

    def kill(self, worker: int) -> None:
        """End a worker at once, whatever it is doing; it sends no further event."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...
