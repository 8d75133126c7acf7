"""`Progress`: displays how far a run is; `report_progress`: how a long computation reports its own progress.

The code that runs a task holds a `Progress`. The computations that it calls do not know it: they report the share of
their work that is done, and `forward_progress` turns these reports into steps of the `Progress`. Elsewhere, reports
have no effect.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from tqdm import tqdm


class Progress(Protocol):
    """Displays the progress of one task after the other."""

    def begin(self, task: str, total: int | None, unit: str = "frame") -> None:
        """Start a task of `total` units (None: unknown)."""

    def stage(self, name: str) -> None:
        """Show the name of the current stage; empty: none."""

    def advance(self, count: int) -> None:
        """Add `count` completed units."""

    def end(self) -> None:
        """Finish the task."""


class SilentProgress:
    """Displays nothing."""

    def begin(self, task: str, total: int | None, unit: str = "frame") -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None: ...

    def end(self) -> None: ...


class ProgressBar:
    """A progress bar on standard error: completed units, rate, remaining time and the current stage."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None  # type: ignore[type-arg]

    def begin(self, task: str, total: int | None, unit: str = "frame") -> None:
        self.end()
        interval = 0.1 if sys.stderr.isatty() else 10.0  # seconds; few lines for a log file
        self._bar = tqdm(total=total, desc=task, unit=unit, file=sys.stderr, dynamic_ncols=True, mininterval=interval)

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


_report: ContextVar[Callable[[float], None]] = ContextVar("_report", default=lambda share: None)


def report_progress(share: float) -> None:
    """Report that a share, 0 to 1, of the current computation is done."""
    _report.get()(share)


@contextmanager
def progress_range(begin: float, end: float) -> Iterator[None]:
    """Reports in this context count as the part from begin to end, 0 to 1, of the surrounding computation."""
    outer = _report.get()
    token = _report.set(lambda share: outer(begin + share * (end - begin)))
    try:
        yield
    finally:
        _report.reset(token)


@contextmanager
def forward_progress(progress: Progress, total: int) -> Iterator[None]:
    """Reports in this context advance `progress`, by `total` units in all; lower shares than before are ignored."""
    done = 0

    def advance(share: float) -> None:
        nonlocal done
        reached = max(done, int(share * total))
        progress.advance(reached - done)
        done = reached

    token = _report.set(advance)
    try:
        yield
    finally:
        _report.reset(token)
