"""Settings: declared as fields of frozen dataclasses, checked, listed, merged from tables, read from `--set`.

A setting is a field of a stage, an inpainter, a flow method or a training recipe:

    @dataclass(frozen=True)
    class Composite(Settings):
        feather: int = setting(0, "Width of the blend at the mask's border.", low=0, high=500, unit="pixels")

This is the only place for its type, default, range and one-line explanation. Tables of settings come from TOML files
and from `--set stage.key=value`; later ones take precedence.
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
    """The valid values of a setting, and what it does."""

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
    odd         whether even numbers are out of range. Default: False
    internal    set by the program itself, and not listed by `describe`. Default: False
    """
    rule = _Rule(summary, low, high, above, unit, tuple(choices), odd, internal)
    if isinstance(default, Mapping):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={_RULE: rule})
    return dataclasses.field(default=default, metadata={_RULE: rule})


class Settings:
    """Base of dataclasses whose fields are settings. Raises SettingError for values that are out of range.

    A subclass that checks combinations of fields calls `super().__post_init__()` first.
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
    """One setting of a pipeline, as reference pages and `vidinpaint settings` show it.

    key       "stage.key", or "stage.method.key" for the settings of a method
    type      int, float, str, bool or table
    range     the valid values, such as "1 to 4"; empty where every value of the type is valid
    default   as in TOML; that of the pipeline where it sets another one than the stage
    summary   one line on what the setting does
    """

    key: str
    type: str
    range: str
    default: str
    summary: str


class HasStages(Protocol):
    """The part of a graph that `describe` needs: its stages by their name."""

    @property
    def by_name(self) -> Mapping[str, Any]: ...


def describe(graph: HasStages, methods: bool = False) -> list[SettingInfo]:
    """The settings of a pipeline, in the order of its stages.

    methods   list the settings of all methods that a stage can use. Default: False, only of those that are chosen
    """
    listed: list[SettingInfo] = []
    for name, stage in graph.by_name.items():
        listed += _described(name, type(stage), vars(stage))
        if hasattr(stage, "method_classes"):
            chosen = {*stage.options, *(value for value in vars(stage).values() if isinstance(value, str))}
            for method, kind in stage.method_classes().items():
                if methods or method in chosen:
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
    """The name of a stage, otherwise of the module if it is named like the class, otherwise of the class."""
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
    """Raise a SettingError for options that are no field of the dataclass `kind`, or are of another type.

    owner  the stage or method, as messages name it
    """
    settings = {field.name for field in dataclasses.fields(kind) if field.init}
    hints = get_type_hints(kind)
    for key, value in options.items():
        if key not in settings:
            raise SettingError(f"a setting of {owner}", repr(key), choose(key, settings))
        if not _fits(value, hints[key]):
            kind_name = str(hints[key]) if get_args(hints[key]) else getattr(hints[key], "__name__", str(hints[key]))
            raise SettingError(f"{owner}.{key} as {kind_name}", repr(value), "Give a value of this type.")


def parse_assignment(text: str, owner: str = "") -> Table:
    """`"flow.passes=2"` as `{"flow": {"passes": 2}}`; values as in TOML, where quotes around text are optional.

    owner  where all settings belong to one stage or method, its name, which may then be omitted: "patch=7" is
           {owner: {"patch": 7}}. Default: "", there are several

    Raises SettingError for text of another form.
    """
    path, equals, value = text.partition("=")
    keys = path.strip().split(".")
    if owner and len(keys) == 1:
        keys = [owner, *keys]
    if not equals or not all(keys) or len(keys) < 2:
        if owner:
            raise SettingError("a setting as key=value", repr(text), f"Name a setting of {owner}, and its value.")
        raise SettingError("a setting as stage.key=value", repr(text), "Write for example --set flow.passes=2.")
    parsed = parse_value(value)
    for key in reversed(keys):
        parsed = {key: parsed}
    return dict(parsed)


def parse_value(text: str) -> Any:
    """A value as in TOML; text that is not valid TOML is a string."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def merge(*tables: Mapping[str, Any]) -> Table:
    """One table out of several, nested tables merged as well; later values take precedence."""
    result: Table = {}
    for table in tables:
        for key, value in table.items():
            if isinstance(value, Mapping):
                previous = result.get(key)
                value = merge(previous if isinstance(previous, Mapping) else {}, value)
            result[key] = value
    return result


def choose(name: str, valid: Iterable[str]) -> str:
    """The remedy for an unknown name: the most similar valid name, if there is one, and all valid names."""
    known = sorted(valid)
    if not known:
        return "There are none to choose from."
    similar = difflib.get_close_matches(name, known, n=1)
    suggestion = f"Did you mean {similar[0]!r}? " if similar else ""
    return f"{suggestion}Choose one of: {', '.join(known)}."


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type; whole numbers are valid for float, and True and False are not numbers."""
    origin, parameters = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, kind) for kind in parameters)
    if origin is Literal:
        return any(value == kind and type(value) is type(kind) for kind in parameters)
    if origin is tuple:
        kinds = parameters[:1] * len(value) if parameters[-1:] == (...,) and isinstance(value, tuple) else parameters
        return isinstance(value, tuple) and len(value) == len(kinds) and all(map(_fits, value, kinds))
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, origin or hint)
