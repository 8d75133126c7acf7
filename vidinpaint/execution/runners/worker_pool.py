"""`WorkerPool`: the interface of pools of workers, which take one task at a time and may die at any moment.

A worker is a process that makes one callable and calls it with each task. What the callable holds (models, open clips)
stays for the life of the process. A pool does not retry tasks; `vidinpaint.execution.jobs.scheduler` does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

WorkerFactory = str
"""MODULE:NAME of what makes the callable; a name, so that a worker sets its thread counts before any import."""


def make_callable(factory: WorkerFactory) -> Callable[[Any], Any]:
    """Call the factory in this process."""
    module, _, name = factory.partition(":")
    call: Callable[[Any], Any] = getattr(import_module(module), name)()
    return call


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
    """A worker has ended; why: the reason, as far as it is known."""

    worker: int
    why: str


Event = Ready | Reply | WorkerDied


class WorkerPool(Protocol):
    """Workers, identified by numbers; a number is never used twice."""

    def start(self, kind: str) -> int:
        """Start a worker with the resources of `kind` ("cpu" or "gpu"); it takes tasks once it is `Ready`."""
        ...

    def submit(self, worker: int, task: Any) -> None:
        """Send a task to a worker that is ready and idle."""
        ...

    def events(self, timeout: float) -> list[Event]:
        """Events since the last call; waits at most `timeout` seconds for the first one."""
        ...

    def kill(self, worker: int) -> None:
        """End a worker at once, even during a task; it causes no further event."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...
