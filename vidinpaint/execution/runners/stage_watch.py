"""`StageWatch`: times every stage, and adds to an error in which stage and window it happened."""

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
    """What is known of one window: seconds by stage, masked pixels by source, the check's result (None: no check)."""

    seconds: Seconds = field(default_factory=_no_seconds)
    counts: Counter[int] = field(default_factory=Counter)
    check: WindowCheck | None = None


@dataclass
class StageWatch:
    """seconds: of the stages that run once per clip; facts: of the windows in work, by index."""

    seconds: Seconds = field(default_factory=_no_seconds)
    facts: dict[int, WindowFacts] = field(default_factory=dict)

    def of(self, window: Window) -> WindowFacts:
        return self.facts.setdefault(window.index, WindowFacts())

    def clip(self, name: str) -> AbstractContextManager[None]:
        """Watch a stage that runs once per clip."""
        return _timed(self.seconds, name)

    def window(self, window: Window) -> Watch:
        """What watches stages of one window. Errors outside `VidinpaintError` and OSError become a `StageError`."""

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
    begin = perf_counter()
    try:
        yield
    finally:
        seconds[name] += perf_counter() - begin
