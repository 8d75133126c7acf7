"""`Pool`: workers that are given one piece of work at a time and may die at any moment.

A worker is a process that holds one callable, made there, and calls it with what it is given. What it
holds (models, open clips) lives as long as the process. Nothing here is tried again: who gives out the work does that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

Make = str
"""MODULE:FUNCTION, which makes in the worker what does the work. A name: threads are set before anything is loaded."""


def made_by(make: Make) -> Callable[[Any], Any]:
    """What does the work, made here."""
    module, _, name = make.partition(":")
    work: Callable[[Any], Any] = getattr(import_module(module), name)()
    return work


@dataclass(frozen=True)
class Ready:
    """A worker has started."""

    worker: int


@dataclass(frozen=True)
class Answer:
    """A worker has done what it was given."""

    worker: int
    value: Any


@dataclass(frozen=True)
class Dead:
    """A worker is no more; `why` says what is known about it."""

    worker: int
    why: str


Event = Ready | Answer | Dead


class Pool(Protocol):
    """Workers by number; numbers are never used twice."""

    def hire(self, kind: str) -> int:
        """Start a worker with what `kind` asks for ("cpu", "gpu"); it can work once it is `Ready`."""
        ...

    def give(self, worker: int, work: Any) -> None:
        """Have a worker that is ready and idle do something."""
        ...

    def events(self, timeout: float) -> list[Event]:
        """What has happened; waits for something to happen, `timeout` seconds at the most."""
        ...

    def dismiss(self, worker: int) -> None:
        """End a worker at once, whatever it is doing; nothing is heard of it again."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...
