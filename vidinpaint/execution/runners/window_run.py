"""What every runner does for one window, and what it keeps from it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from vidinpaint.canvas import Canvas
from vidinpaint.checking.record import WindowCheck
from vidinpaint.errors import StageError, VidinpaintError
from vidinpaint.execution.runners.debug_images import dump
from vidinpaint.execution.runners.retries import CHECKED, Boxes, best_attempt, held
from vidinpaint.graph import Graph, Lane
from vidinpaint.progress import Progress
from vidinpaint.window import Plan, Window

PassOn = Callable[[dict[str, Any]], None]
Witness = Callable[[Window, Mapping[str, Any], Sequence[Canvas], WindowCheck | None], None]
"""Is shown every finished window before it is written: all its values, its finished canvases, what the check said."""


@dataclass
class WindowFacts:
    """What is kept of one window: seconds by stage, painted pixels by source, what the check says (None: unchecked)."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: Counter[int] = field(default_factory=Counter)
    check: WindowCheck | None = None


Committed = Callable[[Window, WindowFacts], None]
"""Is told of every window that has been written, and takes its facts over."""


@dataclass
class Run:
    """One clip going through one graph.

    values     what the plan lane made, and what the runner was given (reader, writer, plan ...)
    seconds    time of the stages that run once a clip
    facts      of every window so far, by its index, unless `committed` takes them
    witness    is shown every finished window, or nobody is
    done       indices of windows that are finished already and are left out
    """

    graph: Graph
    values: Mapping[str, Any]
    progress: Progress
    debug: Path | None = None
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    facts: dict[int, WindowFacts] = field(default_factory=dict)
    witness: Witness | None = None
    committed: Committed | None = None
    done: Collection[int] = ()
    _shots: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        plan: Plan = self.values["plan"]
        return plan

    @property
    def windows(self) -> list[Window]:
        """Those that are to be done, in order."""
        return [window for window in self.plan.windows if window.index not in self.done]

    def make_plan(self, known: Mapping[str, Any] | None = None) -> None:
        """Run the plan lane; its values are there for all others. What is `known` of them is not made again."""
        given = known or {}
        self.values = self.graph.run("plan", {**self.values, **given}, self._timed, keep=True, known=given)

    def read(self, window: Window) -> dict[str, Any]:
        """The values of the read lane."""
        return self._lane("read", {**self.values, "window": window})

    def compute(self, values: Mapping[str, Any], pass_on: PassOn) -> None:
        """The compute and the merge lane, for windows in any order; what is left to write goes to `pass_on`."""
        window: Window = values["window"]
        given = {**values, **(self._of_shot(window) if window.boxes else {})}

        def boxes_by(graph: Graph, before: Boxes | None) -> list[dict[str, Any]]:
            return [
                self._compute_box(graph, {**given, "box": box}, before[index] if before else {})
                for index, box in enumerate(window.boxes)
            ]

        boxes, check = best_attempt(self.graph, window, boxes_by)
        facts = self._facts(window)
        facts.check = check
        if self.debug:
            for box, made in zip(window.boxes, boxes):
                dump(self.debug, window, box, made)
        merged = {name: tuple(made[name] for made in boxes) for name in self._kept}
        canvases: tuple[Canvas, ...] = merged[self._kept[-1]] if self._kept else ()
        for box, canvas in zip(window.boxes, canvases):
            painted = values["mask"][window.owned][:, *box.slices]
            source, count = np.unique(canvas.source[painted], return_counts=True)
            facts.counts.update(dict(zip(source.tolist(), count.tolist())))
        done = self._lane("merge", {**values, **merged})
        if self.witness:
            self.witness(window, done, canvases, check)
        pass_on({name: done[name] for name in {"window", *self.graph.wanted("write")}})

    def _of_shot(self, window: Window) -> dict[str, Any]:
        """The values of the shot lane; those of the last shot asked for are kept."""
        number = window.shot
        if number not in self._shots:
            made = self.graph.run("shot", {**self.values, "shot": number}, lambda name: self._timed(name, window))
            self._shots = {number: {name: made[name] for name in ("shot", *self.graph.names("shot"))}}
        return self._shots[number]

    def _compute_box(self, graph: Graph, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """What is made of one crop: all of it for debug pictures, else what is read later.

        before   what another graph has made of it: stages up to the first with other settings are not run again
        """
        start = graph.first_difference(self.graph, "compute") if before else ""
        if start and not graph.read_from(start) <= before.keys():
            start = ""
        later = {*self._kept, CHECKED, *held(self.graph)}
        made = self._lane("compute", {**values, **before} if start else values, graph, start, later)
        return {name: made[name] for name in graph.names("compute") if name in made and (self.debug or name in later)}

    @property
    def _kept(self) -> list[str]:
        """What the compute lane makes for the merge lane; the last of it is the finished canvas."""
        wanted = self.graph.wanted("merge")
        return [name for name in self.graph.names("compute") if name in wanted]

    def write(self, values: Mapping[str, Any]) -> None:
        """The write lane."""
        window: Window = values["window"]
        self._lane("write", values)
        if self.committed:
            self.committed(window, self.facts.pop(window.index))
        self.progress.advance(len(window))

    def _lane(
        self,
        lane: Lane,
        values: Mapping[str, Any],
        graph: Graph | None = None,
        start: str = "",
        hold: Collection[str] = (),
    ) -> dict[str, Any]:
        window: Window = values["window"]

        @contextmanager
        def watch(name: str) -> Iterator[None]:
            if lane == "compute":
                self.progress.stage(name)
            try:
                with self._timed(name, window):
                    yield
            except (VidinpaintError, OSError) as error:
                error.add_note(f"{name} of {_where(window)}")
                raise
            except Exception as error:
                where = f"{name} of {_where(window)}"
                raise StageError(
                    f"{where} to work", f"{type(error).__name__}: {error}", "Please report this, with --verbose."
                ) from error

        return (graph or self.graph).run(lane, values, watch, self.debug is not None, start, hold)

    def _facts(self, window: Window) -> WindowFacts:
        return self.facts.setdefault(window.index, WindowFacts())

    @contextmanager
    def _timed(self, name: str, window: Window | None = None) -> Iterator[None]:
        begin = perf_counter()
        try:
            yield
        finally:
            seconds = self._facts(window).seconds if window else self.seconds
            seconds[name] += perf_counter() - begin


def _where(window: Window) -> str:
    return f"frames {window.start} to {window.stop} (window {window.index})"
