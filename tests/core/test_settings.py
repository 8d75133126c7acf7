"""Declared settings, `describe`, `--set` and merging of tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import SettingInfo, Settings, describe, merge, parse_assignment, setting


@dataclass(frozen=True)
class Blur(Settings):
    """A method with a setting of every kind."""

    rounds: int = setting(2, "Rounds of it.", low=1, high=4)
    size: int = setting(5, "Side of the window.", low=3, high=51, unit="pixels", odd=True)
    least: float = setting(8.0, "What it needs.", low=0.5, unit="frames")
    factor: float = setting(1.0, "Factor.", above=0)
    share: float = setting(0.5, "Share.", above=0, high=1)
    speed: str = setting("slow", "How fast.", choices=("slow", "fast"))
    on: bool = setting(True, "Whether at all.")


@dataclass(frozen=True)
class Step(Settings):
    """A stage with methods."""

    method: str = setting("blur", "Which.")
    note: str = setting("", "For the report.", internal=True)
    plain: int = 3
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name: ClassVar[str] = "step"

    def method_classes(self) -> dict[str, type]:
        return {"blur": Blur}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("rounds", 0, "Blur.rounds from 1 to 4, "),
        ("rounds", 5, "Blur.rounds from 1 to 4, "),
        ("rounds", float("nan"), "Blur.rounds from 1 to 4, "),
        ("rounds", True, "Blur.rounds from 1 to 4, "),
        ("rounds", "2", "Blur.rounds from 1 to 4, "),
        ("size", 6, "Blur.size from 3 to 51 pixels, odd, "),
        ("least", 0.4, "Blur.least of 0.5 or more frames, "),
        ("least", float("nan"), "Blur.least of 0.5 or more frames, "),
        ("factor", 0, "Blur.factor above 0, "),
        ("share", 1.5, "Blur.share above 0 and at most 1, "),
        ("speed", "medium", "Blur.speed as one of slow, fast, "),
    ],
)
def test_values_out_of_range_are_refused_at_construction(name: str, value: Any, expected: str) -> None:
    with pytest.raises(SettingError) as caught:
        Blur(**{name: value})
    assert str(caught.value).startswith(f"expected {expected}")
    assert str(value) in str(caught.value)


def test_values_at_the_ends_of_a_range_are_valid() -> None:
    for settings in ({"rounds": 1}, {"rounds": 4}, {"size": 51}, {"least": 0.5}, {"share": 1}, {"speed": "fast"}):
        assert vars(Blur(**settings)).items() >= settings.items()


def test_the_owner_in_a_message_is_the_stage() -> None:
    @dataclass(frozen=True)
    class Smooth(Blur):
        name: ClassVar[str] = "smooth"

    with pytest.raises(SettingError, match=r"smooth\.rounds from 1 to 4"):
        Smooth(rounds=9)


def test_describe_lists_stages_and_the_methods_that_they_use() -> None:
    listed = describe(SimpleNamespace(by_name={"step": Step(options={"blur": {"rounds": 3}})}))
    assert listed[:4] == [
        SettingInfo("step.method", "str", "", '"blur"', "Which."),
        SettingInfo("step.plain", "int", "", "3", ""),
        SettingInfo("step.blur.rounds", "int", "1 to 4", "3", "Rounds of it."),
        SettingInfo("step.blur.size", "int", "3 to 51 pixels, odd", "5", "Side of the window."),
    ]
    assert [(one.range, one.default) for one in listed[4:]] == [
        ("0.5 or more frames", "8.0"),
        ("above 0", "1.0"),
        ("above 0 and at most 1", "0.5"),
        ("one of slow, fast", '"slow"'),
        ("", "true"),
    ]


def test_describe_lists_methods_that_are_not_chosen_only_on_request() -> None:
    graph = SimpleNamespace(by_name={"step": Step(method="none")})
    assert [one.key for one in describe(graph)] == ["step.method", "step.plain"]
    assert "step.blur.rounds" in {one.key for one in describe(graph, methods=True)}


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("flow.passes=1", {"flow": {"passes": 1}}),
        ("flow.dis.preset=fast", {"flow": {"dis": {"preset": "fast"}}}),
        ('inpaint.method="telea"', {"inpaint": {"method": "telea"}}),
        ("a.b=true", {"a": {"b": True}}),
        ("a.b=1.5", {"a": {"b": 1.5}}),
        ("a.b=x=y", {"a": {"b": "x=y"}}),
        ("a.b=", {"a": {"b": ""}}),
    ],
)
def test_assignments(text: str, table: dict) -> None:
    assert parse_assignment(text) == table


@pytest.mark.parametrize("text", ["", "flow", "flow=1", "flow.passes", ".x=1", "a..b=1"])
def test_what_is_no_assignment_says_how_to_write_one(text: str) -> None:
    with pytest.raises(SettingError, match=r"stage\.key=value"):
        parse_assignment(text)


def test_of_one_owner_only_the_key_need_be_named() -> None:
    assert parse_assignment("patch=7", "patchmatch") == {"patchmatch": {"patch": 7}}
    assert parse_assignment("patchmatch.patch=7", "patchmatch") == {"patchmatch": {"patch": 7}}
    for text in ("patch", "=7", ".patch=7", ""):
        with pytest.raises(SettingError, match=r"key=value.*patchmatch"):
            parse_assignment(text, "patchmatch")


def test_later_tables_win_key_by_key() -> None:
    merged = merge({"a": {"x": 1, "y": {"p": 1}}}, {"a": {"y": {"q": 2}}}, {"a": {"x": 3}, "b": {}})
    assert merged == {"a": {"x": 3, "y": {"p": 1, "q": 2}}, "b": {}}
