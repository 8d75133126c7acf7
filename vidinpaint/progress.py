"""Who is told how far a run is: a bar on the terminal, or nobody."""

import sys
from typing import Protocol

from tqdm import tqdm


class Progress(Protocol):
    """begin() a task of so many frames (None: unknown), name the stage at work, advance() by frames, end()."""

    def begin(self, what: str, total: int | None) -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, frames: int) -> None: ...

    def end(self) -> None: ...


class Silent:
    """Tells nobody."""

    def begin(self, what: str, total: int | None) -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, frames: int) -> None: ...

    def end(self) -> None: ...


class Bar:
    """A progress bar on standard error: frames, rate, time left, and the stage at work."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None  # type: ignore[type-arg]

    def begin(self, what: str, total: int | None) -> None:
        self.end()
        often = 0.1 if sys.stderr.isatty() else 10.0  # seconds; a log file wants few lines
        self._bar = tqdm(total=total, desc=what, unit="frame", file=sys.stderr, dynamic_ncols=True, mininterval=often)

    def stage(self, name: str) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(name, refresh=sys.stderr.isatty())

    def advance(self, frames: int) -> None:
        if self._bar is not None:
            self._bar.update(frames)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str("", refresh=False)
            self._bar.close()
            self._bar = None
