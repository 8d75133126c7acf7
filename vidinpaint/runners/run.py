"""What every runner does for one window, and what it keeps from it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from vidinpaint.canvas import Canvas
from vidinpaint.errors import StageError, VidinpaintError
from vidinpaint.graph import Graph, Lane
from vidinpaint.progress import Progress
from vidinpaint.propagation.anchors import Anchors
from vidinpaint.runners.dump import dump
from vidinpaint.window import Plan, Window

PassOn = Callable[[dict[str, Any]], None]


@dataclass
class Run:
    """One clip going through one graph.

    values   what the plan lane made, and what the runner was given (reader, writer, plan ...)
    seconds  time by stage so far
    counts   painted pixels by source so far
    """

    graph: Graph
    values: Mapping[str, Any]
    progress: Progress
    debug: Path | None = None
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def plan(self) -> Plan:
        plan: Plan = self.values["plan"]
        return plan

    def make_plan(self) -> None:
        """Run the plan lane; its values are there for all others."""
        self.values = self.graph.run("plan", self.values, self._timed)

    def read(self, window: Window) -> dict[str, Any]:
        """The values of the read lane."""
        return self._lane("read", {**self.values, "window": window})

    def compute(self, values: Mapping[str, Any], anchors: Anchors, pass_on: PassOn) -> Anchors:
        """The compute and the merge lane; what is left to write goes to `pass_on`.

        Returns what the next window may take as finished.
        """
        window: Window = values["window"]
        boxes = [self._compute_box({**values, "box": box, "anchors": anchors}) for box in window.boxes]
        merged = {name: tuple(made[name] for made in boxes) for name in self._kept}
        canvases: tuple[Canvas, ...] = merged[self._kept[-1]] if self._kept else ()
        for canvas in canvases:
            source, count = np.unique(canvas.source[window.owned], return_counts=True)
            self.counts.update(dict(zip(source.tolist(), count.tolist())))
        done = self._lane("merge", {**values, **merged})
        pass_on({name: done[name] for name in {"window", *self.graph.wanted("write")}})
        return self._anchors(window, canvases)

    def _compute_box(self, values: Mapping[str, Any]) -> dict[str, Any]:
        made = self._lane("compute", values)
        if self.debug:
            pictures = {name: made[name] for name in self.graph.names("compute")}
            dump(self.debug, values["window"], values["box"], pictures)
        return {name: made[name] for name in self._kept}

    @property
    def _kept(self) -> list[str]:
        """What the compute lane makes for the merge lane; the last of it is the finished canvas."""
        wanted = self.graph.wanted("merge")
        return [name for name in self.graph.names("compute") if name in wanted]

    def _anchors(self, window: Window, canvases: Sequence[Canvas]) -> Anchors:
        following = self.plan.windows[window.index + 1 : window.index + 2]
        return Anchors.between(window, canvases, following[0]) if following else Anchors()

    def write(self, values: Mapping[str, Any]) -> None:
        """The write lane."""
        self._lane("write", values)
        self.progress.advance(len(values["window"]))

    def _lane(self, lane: Lane, values: Mapping[str, Any]) -> dict[str, Any]:
        window: Window = values["window"]

        @contextmanager
        def watch(name: str) -> Iterator[None]:
            if lane == "compute":
                self.progress.stage(name)
            try:
                with self._timed(name):
                    yield
            except (VidinpaintError, OSError):
                raise
            except Exception as error:
                where = f"{name} of frames {window.start} to {window.stop} (window {window.index})"
                raise StageError(
                    f"{where} to work", f"{type(error).__name__}: {error}", "Please report this, with --verbose."
                ) from error

        return self.graph.run(lane, values, watch, keep=self.debug is not None)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begin = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += perf_counter() - begin
