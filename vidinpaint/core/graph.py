"""The stage graph: values on the left, the stages that make them on the right. It depends on no particular stage.

    Graph(clip=Decode(), mask=ReadMask(), crop_mask=CropMask(), ...)

A stage is a frozen dataclass whose fields are its settings; it is called with the values that its parameters name, and
what it returns is the value on its left. Settings, times and errors use the name of the stage, which its class gives
as `name: ClassVar[str] = "decode"`; without one it is the name of the value. Its `phase` determines when it runs:

    plan      once per clip, before anything else
    shot      once per shot with something to inpaint, before its windows
    read      once per window; may run ahead of the others, in a separate thread
    compute   once per crop of a window
    merge     once per window, when all its crops are done; here a value made by a compute stage is the tuple of all
              crops' values
    write     once per window, in order; may run behind the others, in a separate thread

The stages run in the order in which they are written down. A stage whose class has `needs = "gpu"` runs on
workers that have one, where workers differ (`vidinpaint.execution.jobs.scheduler`).
"""

import dataclasses
import inspect
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Literal, Protocol

from vidinpaint.core.errors import GraphError, SettingError
from vidinpaint.core.renamed_settings import refuse_old_settings
from vidinpaint.core.settings import Table, check, choose

Phase = Literal["plan", "shot", "read", "compute", "merge", "write"]
PHASES: tuple[Phase, ...] = ("plan", "shot", "read", "compute", "merge", "write")
RUNNER_INPUTS: dict[Phase, tuple[str, ...]] = {
    "plan": ("reader", "mask_specs", "progress"),
    "shot": ("shot",),
    "read": ("window",),
    "compute": ("crop",),
    "merge": (),
    "write": ("writer",),
}
"""The values that the runner provides from each phase on; no stage may make a value of such a name."""
PLAN, MASKS, MARKS, MASK, FINISHED = "plan", "masks", "marks", "mask", "finished"
CHECKED, SEGMENT = "checked", "segment"
REQUIRED_OUTPUTS: dict[str, Phase] = {
    PLAN: "plan",  # `vidinpaint.core.window.Plan`: shots and windows
    MASKS: "plan",  # the clip's masks: boxes(index), notes
    MASK: "read",  # bool (T, H, W) of the window, True = inpaint
    FINISHED: "compute",  # `vidinpaint.core.canvas.Canvas`: the finished pixels of a crop and their sources
    SEGMENT: "write",  # the stage passes the window to `writer`; its settings are those of the encoder
}
"""Values that execution reads by name: each pipeline has to make them, in this phase."""
OPTIONAL_OUTPUTS: dict[str, Phase] = {
    MARKS: "plan",  # `vidinpaint.marks.placed.Marks`; with it, the report shows the marks that were un-blended
    CHECKED: "compute",  # `CropCheck`; with it, a bad window is tried again
}
"""Values that execution reads where a pipeline makes them."""

Watch = Callable[[str], AbstractContextManager[Any]]
"""watch(name of a stage): a context in which the stage runs, for example to time it."""


class Stage(Protocol):
    """A step of the graph; may have a `name: ClassVar[str]` as well."""

    phase: ClassVar[Phase]

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


class Graph:
    """Stages, checked when the graph is built: raises GraphError where they do not fit together.

    stages    by the value that they make: `graph.stages["clip"]`, or `graph["clip"]`
    by_name   the same stages by their own name: `graph.by_name["decode"]`
    """

    def __init__(self, **stages: Stage) -> None:
        self.stages = stages
        self.by_name: dict[str, Stage] = {}
        for value, stage in stages.items():
            name = self.stage_name(value)
            if name in self.by_name:
                raise GraphError("a name of its own for each stage", f"two stages named {name!r}", "Rename one.")
            self.by_name[name] = stage
        previous: list[str] = []
        latest = 0
        for name, stage in stages.items():
            phase = PHASES.index(stage.phase)
            if name in _inputs(phase=len(PHASES) - 1):
                raise GraphError(
                    "a name of its own for each value", f"{name!r}, which the runner provides", "Rename it."
                )
            if phase < latest:
                actual = f"{name!r} ({stage.phase}) after a stage of {PHASES[latest]}"
                raise GraphError(f"stages in the order {', '.join(PHASES)}", actual, "Move it up.")
            latest = phase
            known = [*_inputs(phase), *previous]
            for value in _reads(stage):
                if value not in known:
                    raise GraphError(f"a value that {name!r} can read", repr(value), choose(value, known))
            previous.append(name)

    def check_outputs(self) -> None:
        """Raise a GraphError unless the values that execution reads by name are made, each in its phase."""
        wrong = [
            f"{name!r} ({phase})"
            for name, phase in {**REQUIRED_OUTPUTS, **OPTIONAL_OUTPUTS}.items()
            if (name in self.stages or name in REQUIRED_OUTPUTS) and name not in self.names(phase)
        ]
        if wrong:
            required = ", ".join(f"{name!r} ({phase})" for name, phase in REQUIRED_OUTPUTS.items())
            actual = f"no stage, or one of another phase, for {', '.join(wrong)}"
            raise GraphError(
                f"a pipeline that makes {required}", actual, "Add or rename these stages; see docs/pipelines.md."
            )

    def __getitem__(self, name: str) -> Stage:
        return self.stages[name]

    def stage_name(self, value: str) -> str:
        """The name of the stage that makes a value."""
        return _own_name(self.stages[value]) or value

    def names(self, phase: Phase) -> list[str]:
        """The values that the stages of one phase make."""
        return [name for name, stage in self.stages.items() if stage.phase == phase]

    def reads(self, phase: Phase) -> list[str]:
        """The values that the stages of one phase read, sorted."""
        return sorted({name for stage in self.stages.values() if stage.phase == phase for name in _reads(stage)})

    def run(
        self,
        phase: Phase,
        values: Mapping[str, Any],
        watch: Watch,
        keep: bool = False,
        start: str = "",
        needed: Collection[str] = (),
        known: Collection[str] = (),
    ) -> dict[str, Any]:
        """The values with those of one phase added.

        keep    keep values that no later stage reads, which may be large. Default: they are removed at once
        start   name of the first stage to run; `values` has those of the stages before it. Default: the first
        needed  values of this phase to keep in any case
        known   values that `values` has already, so that their stages do not run
        """
        result = dict(values)
        for value in self._made_from(start, phase):
            stage = self.stages[value]
            if value in known:
                continue
            with watch(self.stage_name(value)):
                result[value] = stage(**{name: result[name] for name in _reads(stage)})
            if not keep:
                for name in self._read_last_by(value):
                    if name not in needed:
                        del result[name]
        return result

    @property
    def needs(self) -> frozenset[str]:
        """The hardware that stages need: their `needs`, such as {"gpu"}."""
        return frozenset(need for stage in self.stages.values() if (need := getattr(stage, "needs", "")))

    def read_from(self, name: str) -> set[str]:
        """The values of a stage's phase, made before it, that it or a later stage of the phase reads."""
        phase = self.by_name[name].phase
        later = self._made_from(name, phase)
        return {read for value in later for read in _reads(self.stages[value])} & {*self.names(phase)} - {*later}

    def first_difference(self, other: "Graph", phase: Phase) -> str:
        """The first stage of a phase whose settings differ in another graph of the same stages; empty for none."""
        return next(
            (self.stage_name(value) for value in self.names(phase) if self.stages[value] != other.stages[value]), ""
        )

    def _made_from(self, start: str, phase: Phase) -> list[str]:
        """The values made from the stage `start` on in a phase; by the whole phase where `start` is empty."""
        values = self.names(phase)
        return values[[self.stage_name(value) for value in values].index(start) if start else 0 :]

    def _read_last_by(self, value: str) -> list[str]:
        """Values of its own phase that the stage of `value` reads, and no stage after it."""
        order = list(self.stages)
        later = {read for other in order[order.index(value) + 1 :] for read in _reads(self.stages[other])}
        own = self.names(self.stages[value].phase)
        return [read for read in _reads(self.stages[value]) if read in own and read not in later]

    def with_settings(self, tables: Mapping[str, Any]) -> "Graph":
        """A graph whose stages have the given settings: name of the stage -> field -> value.

        A nested table holds the settings of a method by its name ("inpaint" -> "patchmatch" -> "rounds"); the stage
        keeps it in its field `options`. Raises SettingError for unknown settings and for values of another type.
        """
        refuse_old_settings(tables, self.by_name)
        for name, table in tables.items():
            if name not in self.by_name:
                raise SettingError("a stage of this pipeline", repr(name), choose(name, self.by_name))
            if not isinstance(table, Mapping):
                raise SettingError(f"a table of settings for {name}", repr(table), f"Write {name}.key = value.")
        stages = {}
        for value, stage in self.stages.items():
            name = self.stage_name(value)
            stages[value] = _configured(name, stage, tables[name]) if name in tables else stage
        return Graph(**stages)

    def resolved(self) -> Table:
        """Settings that depend on this machine, such as which weights are installed, fixed for all other machines.

        They come from the stages that have a method `resolved() -> Table`.
        """
        stages = {name: stage for name, stage in self.by_name.items() if hasattr(stage, "resolved")}
        return {name: table for name, stage in stages.items() if (table := stage.resolved())}

    @property
    def notes(self) -> list[str]:
        """Sentences of stages for the report: their `note`."""
        return [note for stage in self.stages.values() if (note := getattr(stage, "note", ""))]

    def settings(self) -> Table:
        """The settings of each stage, as they are used, by the name of the stage."""
        return {name: dataclasses.asdict(stage) for name, stage in self.by_name.items()}  # type: ignore[call-overload]


def _inputs(phase: int) -> list[str]:
    """The values that the runner has provided once a phase is reached."""
    return [name for reached in PHASES[: phase + 1] for name in RUNNER_INPUTS[reached]]


def _own_name(stage: Any) -> str:
    """The `name` of a stage's class; empty where it has none, or where `name` is one of its settings."""
    is_setting = any(field.name == "name" for field in dataclasses.fields(stage))
    return "" if is_setting else str(getattr(type(stage), "name", ""))


def _reads(stage: Stage) -> list[str]:
    return [name for name in inspect.signature(type(stage).__call__).parameters if name != "self"]


def _configured(name: str, stage: Any, table: Mapping[str, Any]) -> Stage:
    fields = {field.name for field in dataclasses.fields(stage)}
    nested = {key: value for key, value in table.items() if isinstance(value, Mapping) and key not in fields}
    flat = {key: value for key, value in table.items() if key not in nested}
    if nested:
        if not hasattr(stage, "options"):
            raise SettingError(f"single values for {name}", f"a table {next(iter(nested))!r}", "Leave out the table.")
        flat["options"] = {**flat.get("options", stage.options), **nested}
    check(name, type(stage), flat)
    configured: Stage = dataclasses.replace(stage, **flat)
    return configured
