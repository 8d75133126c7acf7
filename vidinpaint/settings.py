"""Settings: names and types checked, tables merged, `--set` read.

A setting is a field of a frozen dataclass (a stage, a filler, a flow method). Tables of settings come from TOML files
and from `--set table.key=value`; later ones win.
"""

import dataclasses
import difflib
import tomllib
import types
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vidinpaint.errors import SettingError

Table = dict[str, Any]


def check(owner: str, kind: type, options: Mapping[str, Any]) -> None:
    """Raise a SettingError for options that a dataclass does not have, or that have another type."""
    settings = {field.name for field in dataclasses.fields(kind) if field.init}
    hints = get_type_hints(kind)
    for key, value in options.items():
        if key not in settings:
            raise SettingError(f"a setting of {owner}", repr(key), choose(key, settings))
        if not _fits(value, hints[key]):
            wanted = str(hints[key]) if get_args(hints[key]) else getattr(hints[key], "__name__", str(hints[key]))
            raise SettingError(f"{owner}.{key} as {wanted}", repr(value), "Give a value of this type.")


def parse_assignment(text: str, owner: str = "") -> Table:
    """`"flow.preset=fast"` as `{"flow": {"preset": "fast"}}`; values as in TOML, bare words as strings.

    Where all settings are of one owner it need not be named: "patch=7" is {owner: {"patch": 7}}.
    """
    path, equals, value = text.partition("=")
    keys = path.strip().split(".")
    if owner and len(keys) == 1:
        keys = [owner, *keys]
    if not equals or not all(keys) or len(keys) < 2:
        if owner:
            raise SettingError("a setting as key=value", repr(text), f"Name a setting of {owner}, and its value.")
        raise SettingError("a setting as stage.key=value", repr(text), "Write for example --set flow.preset=fast.")
    parsed = parse_value(value)
    for key in reversed(keys):
        parsed = {key: parsed}
    return dict(parsed)


def parse_value(text: str) -> Any:
    """A value as in TOML; words that are none are strings."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def merge(*tables: Mapping[str, Any]) -> Table:
    """One table out of several, nested ones merged too; later ones win."""
    result: Table = {}
    for table in tables:
        for key, value in table.items():
            if isinstance(value, Mapping):
                before = result.get(key)
                value = merge(before if isinstance(before, Mapping) else {}, value)
            result[key] = value
    return result


def choose(name: str, valid: Iterable[str]) -> str:
    """The remedy for an unknown name: the nearest valid one, if any is near, and all of them."""
    known = sorted(valid)
    if not known:
        return "There is none to choose from."
    near = difflib.get_close_matches(name, known, n=1)
    guess = f"Did you mean {near[0]!r}? " if near else ""
    return f"{guess}Choose one of: {', '.join(known)}."


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value may be given where a type is asked for; whole numbers serve as float, True is no number."""
    origin, inside = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, kind) for kind in inside)
    if origin is Literal:
        return any(value == kind and type(value) is type(kind) for kind in inside)
    if origin is tuple:
        kinds = inside[:1] * len(value) if inside[-1:] == (...,) and isinstance(value, tuple) else inside
        return isinstance(value, tuple) and len(value) == len(kinds) and all(map(_fits, value, kinds))
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, origin or hint)
