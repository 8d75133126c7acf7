"""The stage graph: values on the left, the stages that make them on the right. It knows no stage.

    Graph(clip=Decode(), mask=ReadMask(), frames=CropFrames(), ...)

A stage is a frozen dataclass whose fields are its settings; it is called with the values that its parameters name, and
what it returns is the value on its left. Settings, times and errors go by the name of the stage: its class says
`name: ClassVar[str] = "decode"`; a class that does not goes by the name of its value. Its `phase` says when it runs:

    plan      once a clip, before anything else
    shot      once a shot with something to inpaint, before its windows
    read      once a window; may run ahead of the others, in a thread of its own
    compute   once for every crop of a window
    merge     once a window, when all its crops are done; here a value made by a compute stage is the tuple of all
              crops' values
    write     once a window, in order; may run behind the others, in a thread of its own

The stages run in the order in which they are written down. A stage whose class says `needs = "gpu"` is given to workers
that have one, where workers are told apart (`vidinpaint.execution.jobs.scheduler`).
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
"""What the runner provides, and from which phase on; no stage may make a value of such a name."""
PLAN, MASKS, MASK, FINISHED, CHECKED, SEGMENT = "plan", "masks", "mask", "finished", "checked", "segment"
REQUIRED_OUTPUTS: dict[str, Phase] = {
    PLAN: "plan",  # `vidinpaint.core.window.Plan`: shots and windows
    MASKS: "plan",  # the clip's masks: boxes(index), notes
    MASK: "read",  # bool (T, H, W) of the window, True = inpaint
    FINISHED: "compute",  # `vidinpaint.core.canvas.Canvas`: the finished pixels of a crop and their sources
    SEGMENT: "write",  # gives the window to `writer`; its settings are those of the encoder
}
"""Values that execution reads by name: every pipeline makes them, in this phase."""
OPTIONAL_OUTPUTS: dict[str, Phase] = {CHECKED: "compute"}  # `CropCheck`; with it, a bad window is tried again
"""Values that execution reads where a pipeline makes them."""


Watch = Callable[[str], AbstractContextManager[Any]]


class Stage(Protocol):
    """A step of the graph; may have a `name: ClassVar[str]` too."""

    phase: ClassVar[Phase]

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


class Graph:
    """Stages, checked when built.

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
        made: list[str] = []
        latest = 0
        for name, stage in stages.items():
            phase = PHASES.index(stage.phase)
            if name in _inputs(phase=len(PHASES) - 1):
                raise GraphError("a name of its own for each value", f"{name!r}, which the runner gives", "Rename it.")
            if phase < latest:
                actual = f"{name!r} ({stage.phase}) after a stage of {PHASES[latest]}"
                raise GraphError(f"stages in the order {', '.join(PHASES)}", actual, "Move it up.")
            latest = phase
            known = [*_inputs(phase), *made]
            for wanted in _reads(stage):
                if wanted not in known:
                    raise GraphError(f"a value that {name!r} can read", repr(wanted), choose(wanted, known))
            made.append(name)

    def check_outputs(self) -> None:
        """Raise a GraphError unless the values that execution reads by name are made, each in its phase."""
        wrong = [
            f"{name!r} ({phase})"
            for name, phase in {**REQUIRED_OUTPUTS, **OPTIONAL_OUTPUTS}.items()
            if (name in self.stages or name in REQUIRED_OUTPUTS) and name not in self.names(phase)
        ]
        if wrong:
            wanted = ", ".join(f"{name!r} ({phase})" for name, phase in REQUIRED_OUTPUTS.items())
            actual = f"no stage, or one of another phase, for {', '.join(wrong)}"
            raise GraphError(
                f"a pipeline that makes {wanted}", actual, "Add or rename these stages; see docs/pipelines.md."
            )

    def __getitem__(self, name: str) -> Stage:
        return self.stages[name]

    def stage_name(self, value: str) -> str:
        """The name of the stage that makes a value."""
        return _own_name(self.stages[value]) or value

    def names(self, phase: Phase) -> list[str]:
        """What the stages of one phase produce."""
        return [name for name, stage in self.stages.items() if stage.phase == phase]

    def reads(self, phase: Phase) -> list[str]:
        """What the stages of one phase read."""
        return sorted({name for stage in self.stages.values() if stage.phase == phase for name in _reads(stage)})

    def run(
        self,
        phase: Phase,
        values: Mapping[str, Any],
        watch: Watch,
        keep: bool = False,
        start: str = "",
        hold: Collection[str] = (),
        known: Collection[str] = (),
    ) -> dict[str, Any]:
        """The values with those of one phase added; each stage runs inside `watch(its name)`, which may time it.

        What no later stage reads is let go at once, for it may be large, unless `keep`, or for the names in `hold`.
        start   name of the stage to begin with, where the values of those before it are given; empty: the first
        known   values that are given, so that their stages need not run
        """
        result = dict(values)
        for value in self._made_from(start, phase):
            stage = self.stages[value]
            if value in known:
                continue
            with watch(self.stage_name(value)):
                result[value] = stage(**{wanted: result[wanted] for wanted in _reads(stage)})
            if not keep:
                for spent in self._read_last_by(value):
                    if spent not in hold:
                        del result[spent]
        return result

    @property
    def needs(self) -> frozenset[str]:
        """What machines must have for some stage: the stages' `needs`, such as "gpu"."""
        return frozenset(need for stage in self.stages.values() if (need := getattr(stage, "needs", "")))

    def read_from(self, name: str) -> set[str]:
        """The values that a stage and those after it in its phase read of what was made before it in that phase."""
        phase = self.by_name[name].phase
        later = self._made_from(name, phase)
        return {wanted for value in later for wanted in _reads(self.stages[value])} & {*self.names(phase)} - {*later}

    def first_difference(self, other: "Graph", phase: Phase) -> str:
        """The first stage of a phase that has other settings in another graph of the same stages; empty for none."""
        return next(
            (self.stage_name(value) for value in self.names(phase) if self.stages[value] != other.stages[value]), ""
        )

    def _made_from(self, start: str, phase: Phase) -> list[str]:
        """The values that a stage and those after it in its phase make; those of the whole phase where it is empty."""
        values = self.names(phase)
        return values[[self.stage_name(value) for value in values].index(start) if start else 0 :]

    def _read_last_by(self, value: str) -> list[str]:
        """Values made in the phase of the stage that makes a value, and read by no stage after it."""
        order = list(self.stages)
        later = {wanted for after in order[order.index(value) + 1 :] for wanted in _reads(self.stages[after])}
        made = self.names(self.stages[value].phase)
        return [wanted for wanted in _reads(self.stages[value]) if wanted in made and wanted not in later]

    def with_settings(self, tables: Mapping[str, Any]) -> "Graph":
        """A graph whose stages have the given settings: stage name -> field -> value.

        A nested table holds the settings of a method by its name ("inpaint" -> "patchmatch" -> "rounds"); the stage
        keeps it in its field `options`.
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
        """Settings of stages that depend on this machine, such as which weights it has, as tables for every machine.

        A stage that has some offers `resolved() -> Table`.
        """
        open_stages = {name: stage for name, stage in self.by_name.items() if hasattr(stage, "resolved")}
        return {name: table for name, stage in open_stages.items() if (table := stage.resolved())}

    @property
    def notes(self) -> list[str]:
        """What stages have to say for the report: their `note`."""
        return [note for stage in self.stages.values() if (note := getattr(stage, "note", ""))]

    def settings(self) -> Table:
        """Every stage's settings, as they are used, by the name of the stage."""
        return {name: dataclasses.asdict(stage) for name, stage in self.by_name.items()}  # type: ignore[call-overload]


def _inputs(phase: int) -> list[str]:
    """What the runner has provided once a phase is reached."""
    return [name for reached in PHASES[: phase + 1] for name in RUNNER_INPUTS[reached]]


def _own_name(stage: Any) -> str:
    """The name that the class of a stage gives it; empty where it gives none, or has a setting called so."""
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
            raise SettingError(f"single values for {name}", f"a table {next(iter(nested))!r}", "Leave the table out.")
        flat["options"] = {**flat.get("options", stage.options), **nested}
    check(name, type(stage), flat)
    configured: Stage = dataclasses.replace(stage, **flat)
    return configured
