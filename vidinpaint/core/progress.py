"""Who is told how far a run is: a bar on the terminal, or nobody.

Whoever runs a task holds a `Progress`. Long computations deep below know nothing of it; they `tell` what share of
themselves is done, and `following` turns that into steps of the bar. Where nobody follows, telling does nothing.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from tqdm import tqdm


class Progress(Protocol):
    """begin() a task of so many units (None: unknown), name the stage at work, advance() by units, end()."""

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None: ...

    def end(self) -> None: ...


class SilentProgress:
    """Tells nobody."""

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None: ...

    def end(self) -> None: ...


class ProgressBar:
    """A progress bar on standard error: units done, rate, time left, and the stage at work."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None  # type: ignore[type-arg]

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None:
        self.end()
        often = 0.1 if sys.stderr.isatty() else 10.0  # seconds; a log file wants few lines
        self._bar = tqdm(total=total, desc=what, unit=unit, file=sys.stderr, dynamic_ncols=True, mininterval=often)

    def stage(self, name: str) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(name, refresh=sys.stderr.isatty())

    def advance(self, count: int) -> None:
        if self._bar is not None:
            self._bar.update(count)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str("", refresh=False)
            self._bar.close()
            self._bar = None


_told: ContextVar[Callable[[float], None]] = ContextVar("_told", default=lambda share: None)


def report_progress(share: float) -> None:
    """Say that this share, 0 to 1, of the computation at hand is done."""
    _told.get()(share)


@contextmanager
def progress_range(begin: float, end: float) -> Iterator[None]:
    """What is told inside counts as the part from begin to end, 0 to 1, of the computation outside."""
    outer = _told.get()
    token = _told.set(lambda share: outer(begin + share * (end - begin)))
    try:
        yield
    finally:
        _told.reset(token)


@contextmanager
def forward_progress(progress: Progress, total: int) -> Iterator[None]:
    """What is told inside advances progress, by total units in all; it never goes back."""
    done = 0

    def follow(share: float) -> None:
        nonlocal done
        now = max(done, int(share * total))
        progress.advance(now - done)
        done = now

    token = _told.set(follow)
    try:
        yield
    finally:
        _told.reset(token)
