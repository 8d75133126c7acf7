"""`show_compilation`: shows the compilation of kernels, which makes the first run some seconds longer, in the progress.

`numerics/kernels.py` defines how kernels are compiled; `execution/warm_up.py` compiles them before they are needed.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from numba.core import event

from vidinpaint.core.progress import Progress

STAGE = "compiling (first run only)"


class _Listener(event.Listener):  # type: ignore[misc]
    """Shows the stage, and pauses the garbage collector, which would take a sixth of the compilation time."""

    def __init__(self, progress: Progress, on_first: Callable[[], None]) -> None:
        self.progress, self.on_first = progress, on_first
        self.depth, self.gc_enabled, self.first = 0, False, True

    def on_start(self, event: event.Event) -> None:
        self.depth += 1
        if self.first:
            self.first = False
            self.on_first()
        if self.depth == 1:
            self.progress.stage(STAGE)
            self.gc_enabled = gc.isenabled()
            gc.disable()

    def on_end(self, event: event.Event) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.progress.stage("")
            if self.gc_enabled:
                gc.enable()


@contextmanager
def show_compilation(progress: Progress, on_first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Show a stage in `progress` whenever Numba compiles in this context, but not when it loads code from its cache.

    on_first  called before the first compilation, if there is one
    """
    with event.install_listener("numba:compile", _Listener(progress, on_first)):
        yield


@contextmanager
def time_compilation() -> Iterator[list[float]]:
    """A list that holds, after this context, the seconds spent in it on compiling and on loading compiled code."""
    seconds: list[float] = []
    with event.install_timer("numba:compiler_lock", seconds.append):
        yield seconds
