"""Shows in the progress when kernels are being compiled: the first run of a method takes seconds longer.

How kernels are compiled is in `kernels.py`; `warming_up.py` compiles them before they are needed.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from numba.core import event

from vidinpaint.core.progress import Progress

STAGE = "compiling (first run only)"


class _Listener(event.Listener):  # type: ignore[misc]
    """Names the stage; and pauses the garbage collector, which would take a sixth of the time that compiling takes."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.depth, self.collects = progress, 0, False

    def on_start(self, event: event.Event) -> None:
        self.depth += 1
        if self.depth == 1:
            self.progress.stage(STAGE)
            self.collects = gc.isenabled()
            gc.disable()

    def on_end(self, event: event.Event) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.progress.stage("")
            if self.collects:
                gc.enable()


@contextmanager
def show_compilation(progress: Progress) -> Iterator[None]:
    """While inside, progress names the stage whenever Numba compiles; code that comes from its cache is silent."""
    with event.install_listener("numba:compile", _Listener(progress)):
        yield


@contextmanager
def time_compilation() -> Iterator[list[float]]:
    """Gives a list that holds, afterwards, the seconds spent inside on compiling and on loading what is compiled."""
    seconds: list[float] = []
    with event.install_timer("numba:compiler_lock", seconds.append):
        yield seconds
