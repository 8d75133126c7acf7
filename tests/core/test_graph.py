"""The graph checks the order, names and settings of its stages; shown with stages that only this file has."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from vidinpaint.core.errors import GraphError, SettingError
from vidinpaint.core.graph import Graph, Phase
from vidinpaint.core.presets import load_pipeline


@dataclass(frozen=True)
class Start:
    step: int = 1
    phase: ClassVar[Phase] = "read"

    def __call__(self, window: int) -> int:
        return window + self.step


@dataclass(frozen=True)
class Double:
    name: str = "twice"
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    phase: ClassVar[Phase] = "compute"

    def __call__(self, begun: int, crop: int) -> int:
        return 2 * begun + crop


@dataclass(frozen=True)
class Add:
    phase: ClassVar[Phase] = "write"

    def __call__(self, doubled: tuple[int, ...], begun: int) -> int:
        return sum(doubled) + begun


@contextmanager
def no_watch(name: str) -> Iterator[None]:
    yield


def graph() -> Graph:
    return Graph(begun=Start(), doubled=Double(), sum=Add())


def test_values_flow_by_name_through_the_phases() -> None:
    values = graph().run("read", {"window": 4}, no_watch)
    assert values["begun"] == 5
    made = graph().run("compute", {**values, "crop": 1}, no_watch)
    assert made["doubled"] == 11
    assert graph().run("write", {**values, "doubled": (11, 12)}, no_watch)["sum"] == 28


def test_a_name_that_is_not_there_fails_when_built_and_lists_what_is() -> None:
    with pytest.raises(GraphError, match=r"'doubled' can read.*'begun'.*crop, .*window"):
        Graph(doubled=Double())


def test_a_stage_may_not_read_what_a_later_phase_provides() -> None:
    @dataclass(frozen=True)
    class Early:
        phase: ClassVar[Phase] = "read"

        def __call__(self, crop: int) -> int:
            return crop

    with pytest.raises(GraphError, match="'crop'"):
        Graph(early=Early())


def test_phases_run_in_order() -> None:
    with pytest.raises(GraphError, match=r"'begun' .read. after"):
        Graph(sum_of=Plain("write"), begun=Start())


@dataclass(frozen=True)
class Plain:
    phase: str

    def __call__(self) -> int:
        return 0


def test_given_names_are_taken() -> None:
    with pytest.raises(GraphError, match="'window'"):
        Graph(window=Start())


def test_settings_replace_fields_and_keep_method_tables() -> None:
    changed = graph().with_settings({"begun": {"step": 3}, "doubled": {"name": "x", "method": {"key": 1}}})
    assert changed["begun"] == Start(step=3)
    assert changed.settings()["doubled"] == {"name": "x", "options": {"method": {"key": 1}}}
    assert graph()["begun"] == Start(step=1)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"bogus": {}}, "'bogus'.*begun, doubled, sum"),
        ({"begun": {"stp": 1}}, "'stp'.*Did you mean 'step'"),
        ({"begun": {"step": "many"}}, "begun.step as int, found 'many'"),
        ({"begun": {"step": True}}, "begun.step as int, found True"),
        ({"begun": 3}, "a table of settings for begun"),
        ({"begun": {"method": {}}}, "single values for begun"),
    ],
)
def test_wrong_settings_say_what_is_valid(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        graph().with_settings(tables)


def test_what_execution_reads_has_to_be_made() -> None:
    load_pipeline("object_removal").check_outputs()
    stages = dict(load_pipeline("object_removal").stages)
    del stages["segment"]
    with pytest.raises(GraphError, match=r"'finished' \(compute\).*no stage.* for 'segment' \(write\)"):
        Graph(**stages).check_outputs()
    stages = dict(load_pipeline("object_removal").stages)
    del stages["checked"]
    Graph(**stages).check_outputs()
    with pytest.raises(GraphError, match=r"'checked' \(compute\)"):
        Graph(**stages, checked=Plain("write")).check_outputs()


@dataclass(frozen=True)
class Named:
    size: int = 1
    name: ClassVar[str] = "make"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, crop: int) -> int:
        return self.size * crop


@dataclass(frozen=True)
class Use:
    factor: int = 2
    name: ClassVar[str] = "use"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, made: int) -> int:
        return self.factor * made


def named() -> Graph:
    return Graph(made=Named(), used=Use())


def test_settings_and_times_go_by_the_name_of_the_stage() -> None:
    watched = []

    @contextmanager
    def watch(name: str) -> Iterator[None]:
        watched.append(name)
        yield

    changed = named().with_settings({"use": {"factor": 3}})
    assert changed.settings() == {"make": {"size": 1}, "use": {"factor": 3}}
    assert changed.run("compute", {"crop": 5}, watch)["used"] == 15
    assert watched == ["make", "use"]
    assert changed["used"] is changed.by_name["use"]
    assert changed.stage_name("used") == "use"


def test_a_value_is_no_name_for_settings() -> None:
    with pytest.raises(SettingError, match=r"'used'.*Did you mean 'use'.*make, use"):
        named().with_settings({"used": {"factor": 3}})


def test_a_class_without_a_name_goes_by_its_value() -> None:
    assert list(graph().by_name) == ["begun", "doubled", "sum"]  # `Double` has a setting called `name`


def test_names_of_stages_are_unique() -> None:
    with pytest.raises(GraphError, match="two stages named 'make'"):
        Graph(made=Named(), again=Named())


def test_what_differs_is_run_again_from_its_stage_on() -> None:
    other = named().with_settings({"use": {"factor": 3}})
    assert other.first_difference(named(), "compute") == "use"
    assert named().first_difference(named(), "compute") == ""
    assert named().read_from("use") == {"made"}
    assert named().read_from("make") == set()
    assert other.run("compute", {"crop": 1, "made": 7}, no_watch, start="use")["used"] == 21


def test_settings_that_were_listed_can_be_given_again() -> None:
    changed = graph().with_settings({"doubled": {"method": {"key": 1}}})
    assert graph().with_settings(changed.settings()).settings() == changed.settings()
