"""`--set` and merging of tables."""

import pytest

from vidinpaint.errors import SettingError
from vidinpaint.settings import merge, parse_assignment


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("flow.passes=1", {"flow": {"passes": 1}}),
        ("flow.dis.preset=fast", {"flow": {"dis": {"preset": "fast"}}}),
        ('filled.filler="telea"', {"filled": {"filler": "telea"}}),
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
