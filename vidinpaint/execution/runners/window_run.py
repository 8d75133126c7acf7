"""`WindowRun`: reads, computes and writes the windows of a clip; every runner calls it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.checking.record import WindowCheck
from vidinpaint.core.canvas import Canvas
from vidinpaint.core.graph import CHECKED, FINISHED, MASK, PLAN, Graph, Phase
from vidinpaint.core.progress import Progress
from vidinpaint.core.window import Plan, Window
from vidinpaint.execution.runners.debug_images import write_debug_images
from vidinpaint.execution.runners.retries import Crops, best_attempt, needed_by_retry
from vidinpaint.execution.runners.stage_watch import StageWatch, WindowFacts

PassOn = Callable[[dict[str, Any]], None]
"""Called with the values of a computed window that the write phase reads."""
Inspect = Callable[[Window, Mapping[str, Any], Sequence[Canvas], WindowCheck | None], None]
"""Called with every window before it is written: all its values, its canvases, the result of its check."""
Store = Callable[[Window, WindowFacts], None]
"""Called with every window that has been written, and the facts about it."""


@dataclass
class WindowRun:
    """One clip and one graph; windows may be computed in any order after `make_plan`.

    values    runner inputs (reader, writer ...) and, after `make_plan`, the values of the plan phase
    store     called after each window
    debug     folder for debug images, or None
    inspect   called before each window is written, or None
    finished  indices of windows that are not computed again
    """

    graph: Graph
    values: Mapping[str, Any]
    progress: Progress
    store: Store
    debug: Path | None = None
    inspect: Inspect | None = None
    finished: Collection[int] = ()
    watch: StageWatch = field(default_factory=StageWatch)
    _shot: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        plan: Plan = self.values[PLAN]
        return plan

    @property
    def windows(self) -> list[Window]:
        """The windows that are still to be computed, in order."""
        return [window for window in self.plan.windows if window.index not in self.finished]

    def make_plan(self, known: Mapping[str, Any]) -> None:
        """Run the plan phase, except for the values that are `known`."""
        self.values = self.graph.run("plan", {**self.values, **known}, self.watch.clip, keep=True, known=known)

    def read(self, window: Window) -> dict[str, Any]:
        """Run the read phase and return its values."""
        return self._phase("read", {**self.values, "window": window})

    def compute(self, values: Mapping[str, Any], pass_on: PassOn) -> None:
        """Run the compute and the merge phase; `pass_on` is called with the values that the write phase reads."""
        window: Window = values["window"]
        inputs = {**values, **(self._of_shot(window) if window.crops else {})}

        def compute_crops(graph: Graph, before: Crops | None) -> list[dict[str, Any]]:
            return [
                self._compute_crop(graph, {**inputs, "crop": crop}, before[index] if before else {})
                for index, crop in enumerate(window.crops)
            ]

        crops, check = best_attempt(self.graph, window, compute_crops)
        facts = self.watch.of(window)
        facts.check = check
        if self.debug:
            for crop, computed in zip(window.crops, crops):
                write_debug_images(self.debug, window, crop, computed)
        canvases: list[Canvas] = [crop[FINISHED] for crop in crops]
        for crop, canvas in zip(window.crops, canvases):
            masked = values[MASK][window.owned][:, *crop.slices]
            sources, counts = np.unique(canvas.source[masked], return_counts=True)
            facts.counts.update(dict(zip(sources.tolist(), counts.tolist())))
        merged = {name: tuple(crop[name] for crop in crops) for name in self._merged}
        done = self._phase("merge", {**values, **merged})
        if self.inspect:
            self.inspect(window, done, canvases, check)
        pass_on({name: done[name] for name in {"window", *self.graph.reads("write")}})

    def write(self, values: Mapping[str, Any]) -> None:
        """Run the write phase, and store the window."""
        window: Window = values["window"]
        self._phase("write", values)
        self.store(window, self.watch.facts.pop(window.index))
        self.progress.advance(len(window))

    def _of_shot(self, window: Window) -> dict[str, Any]:
        """The values of the shot phase, computed once per shot; those of the last shot are kept."""
        if self._shot.get("shot") != window.shot:
            computed = self.graph.run("shot", {**self.values, "shot": window.shot}, self.watch.window(window))
            self._shot = {name: computed[name] for name in ("shot", *self.graph.names("shot"))}
        return self._shot

    def _compute_crop(self, graph: Graph, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """The values of one crop: all of them for debug images, otherwise those that are read later.

        before   values of the first attempt, or empty; stages before the first with other settings are not run again
        """
        start = graph.first_difference(self.graph, "compute") if before else ""
        if start and not graph.read_from(start) <= before.keys():
            start = ""
        later = {*self._merged, FINISHED, CHECKED, *needed_by_retry(self.graph)}
        computed = self._phase("compute", {**values, **before} if start else values, graph, start, later)
        return {
            name: computed[name]
            for name in graph.names("compute")
            if name in computed and (self.debug or name in later)
        }

    @property
    def _merged(self) -> list[str]:
        """The values of the compute phase that the merge phase reads."""
        merged = self.graph.reads("merge")
        return [name for name in self.graph.names("compute") if name in merged]

    def _phase(
        self,
        phase: Phase,
        values: Mapping[str, Any],
        graph: Graph | None = None,
        start: str = "",
        needed: Collection[str] = (),
    ) -> dict[str, Any]:
        watched = self.watch.window(values["window"])

        @contextmanager
        def watch(name: str) -> Iterator[None]:
            if phase == "compute":
                self.progress.stage(name)
            with watched(name):
                yield

        return (graph or self.graph).run(phase, values, watch, self.debug is not None, start, needed)
