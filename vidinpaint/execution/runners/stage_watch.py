"""`StageWatch`: times every stage, and adds the stage and the window to an error."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from vidinpaint.checking.record import WindowCheck
from vidinpaint.core.errors import StageError, VidinpaintError
from vidinpaint.core.graph import Watch
from vidinpaint.core.window import Window

Seconds = defaultdict[str, float]


def _no_seconds() -> Seconds:
    return defaultdict(float)


@dataclass
class WindowFacts:
    """Facts about one window: seconds by stage, number of masked pixels by source, result of the check or None."""

    seconds: Seconds = field(default_factory=_no_seconds)
    counts: Counter[int] = field(default_factory=Counter)
    check: WindowCheck | None = None


@dataclass
class StageWatch:
    """seconds: of the stages that run once per clip; facts: about the windows in progress, by index."""

    seconds: Seconds = field(default_factory=_no_seconds)
    facts: dict[int, WindowFacts] = field(default_factory=dict)

    def of(self, window: Window) -> WindowFacts:
        """The facts about a window."""
        return self.facts.setdefault(window.index, WindowFacts())

    def clip(self, name: str) -> AbstractContextManager[None]:
        """Watch a stage that runs once per clip."""
        return _timed(self.seconds, name)

    def window(self, window: Window) -> Watch:
        """Watch the stages of one window. Errors other than `VidinpaintError` and OSError become a `StageError`."""

        @contextmanager
        def watch(name: str) -> Iterator[None]:
            where = f"{name} of frames {window.start} to {window.stop} (window {window.index})"
            try:
                with _timed(self.of(window).seconds, name):
                    yield
            except (VidinpaintError, OSError) as error:
                error.add_note(where)
                raise
            except Exception as error:
                actual = f"{type(error).__name__}: {error}"
                raise StageError(f"{where} to work", actual, "Please report this, with --verbose.") from error

        return watch


@contextmanager
def _timed(seconds: Seconds, name: str) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        seconds[name] += perf_counter() - started
