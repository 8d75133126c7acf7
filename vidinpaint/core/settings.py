"""Settings: declared as fields of frozen dataclasses, checked, listed, merged from tables, read from `--set`.

A setting is a field of a stage, an inpainter, a flow method or a training recipe:

    @dataclass(frozen=True)
    class Composite(Settings):
        feather: int = setting(0, "Width of the blend at the mask's border.", low=0, high=500, unit="pixels")

Its type, default, range and one line of explanation stand in this one place. Tables of settings come from TOML files
and from `--set stage.key=value`; later ones win.
"""

import dataclasses
import difflib
import tomllib
import types
from collections.abc import Collection, Iterable, Mapping
from numbers import Real
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

from vidinpaint.core.errors import SettingError

Table = dict[str, Any]
_RULE = "setting"  # key of a field's metadata


@dataclasses.dataclass(frozen=True)
class _Rule:
    """What a setting may be, and what it is for."""

    summary: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    odd: bool = False
    internal: bool = False

    def allows(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        if self.low is self.high is self.above is None:
            return True
        if not isinstance(value, Real) or isinstance(value, bool):
            return False
        number = float(value)
        return (  # every comparison with NaN is false
            (self.low is None or self.low <= number)
            and (self.high is None or number <= self.high)
            and (self.above is None or number > self.above)
            and not (self.odd and number % 2 == 0)
        )

    @property
    def range(self) -> str:
        """Such as "1 to 4", "2 or more frames", "above 0", "one of fast, medium"; empty where everything is valid."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        low, high, above = (_number(bound) for bound in (self.low, self.high, self.above))
        if above:
            text = f"above {above} and at most {high}" if high else f"above {above}"
        elif low and high:
            text = f"{low} to {high}"
        else:
            text = f"{low} or more" if low else f"at most {high}" if high else ""
        return ", ".join(part for part in (f"{text} {self.unit}".strip(), "odd" if self.odd else "") if part)


def setting(
    default: Any,
    summary: str,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    unit: str = "",
    choices: Collection[str] = (),
    odd: bool = False,
    internal: bool = False,
) -> Any:
    """A field of a dataclass: its default, one line on what it does, and which values are valid.

    low, high   smallest and largest valid number
    above       valid numbers are larger than this one
    unit        of the number, such as "pixels"
    choices     the valid strings
    odd         whether even numbers are out of range
    internal    set by the program itself: not listed by `describe`
    """
    rule = _Rule(summary, low, high, above, unit, tuple(choices), odd, internal)
    if isinstance(default, Mapping):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={_RULE: rule})
    return dataclasses.field(default=default, metadata={_RULE: rule})


class Settings:
    """Base of dataclasses whose fields are settings: values out of range are refused at construction.

    A subclass with checks of its own, between fields, calls `super().__post_init__()` first. Raises SettingError.
    """

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            rule, value = _rule(field), getattr(self, field.name)
            if not rule.allows(value):
                found = repr(value) if isinstance(value, str) else str(value)
                expected = f"{_owner(type(self))}.{field.name} {_phrase(rule)}"
                raise SettingError(expected, found, "Choose one of these." if rule.choices else "Choose another value.")


@dataclasses.dataclass(frozen=True)
class SettingInfo:
    """One setting of a pipeline, as one would look it up.

    key       "stage.key", or "stage.method.key" for the settings of a method
    type      int, float, str, bool or table
    range     the valid values, such as "1 to 4"; empty where every value of the type is valid
    default   as in TOML; that of the pipeline, where it differs from that of the stage
    summary   one line on what the setting does
    """

    key: str
    type: str
    range: str
    default: str
    summary: str


class HasStages(Protocol):
    """What is asked of a graph: its stages by their name."""

    @property
    def by_name(self) -> Mapping[str, Any]: ...


def describe(graph: HasStages, methods: bool = True) -> list[SettingInfo]:
    """Every setting of a pipeline, in the order of its stages.

    methods   whether to list the settings of every method that a stage can use, too; this imports all of them
    """
    listed: list[SettingInfo] = []
    for name, stage in graph.by_name.items():
        listed += _described(name, type(stage), vars(stage))
        if methods and hasattr(stage, "method_classes"):
            for method, kind in stage.method_classes().items():
                listed += _described(f"{name}.{method}", kind, stage.options.get(method, {}))
    return listed


def _described(prefix: str, kind: type, values: Mapping[str, Any]) -> list[SettingInfo]:
    hints = get_type_hints(kind)
    takes_methods = hasattr(kind, "method_classes")
    return [
        SettingInfo(
            f"{prefix}.{field.name}",
            _type_name(hints[field.name]),
            _rule(field).range,
            _toml(values[field.name] if field.name in values else _default(field)),
            _rule(field).summary,
        )
        for field in dataclasses.fields(kind)
        if field.init and not _rule(field).internal and not (takes_methods and field.name == "options")
    ]


def _rule(field: "dataclasses.Field[Any]") -> _Rule:
    rule: _Rule = field.metadata.get(_RULE, _NO_RULE)
    return rule


_NO_RULE = _Rule("")


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return None if field.default is dataclasses.MISSING else field.default


def _owner(kind: type) -> str:
    """The name of a stage, else of the module that a method is named after, else of the class."""
    name = getattr(kind, "name", "")
    module = kind.__module__.rpartition(".")[2]
    if isinstance(name, str) and name:
        return name
    return module if module.replace("_", "") == kind.__name__.lower() else kind.__name__


def _phrase(rule: _Rule) -> str:
    """The range as it continues a sentence: "from 1 to 4", "of 2 frames or more", "above 0"."""
    if rule.choices:
        return f"as {rule.range}"
    if rule.above is not None:
        return rule.range
    return f"from {rule.range}" if rule.high is not None and rule.low is not None else f"of {rule.range}"


def _number(value: float | None) -> str:
    """Empty for None; whole numbers with all digits."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else f"{value:g}"


def _type_name(hint: Any) -> str:
    kind = get_origin(hint) or hint
    if not isinstance(kind, type) or kind is types.UnionType:
        return str(hint)
    return "table" if issubclass(kind, Mapping) else kind.__name__


def _toml(value: Any) -> str:
    """A value as it is written in TOML; empty where there is no default."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)


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
