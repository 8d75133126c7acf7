"""Which inpainters serve single pictures, and one of them by name with its settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build, names
from vidinpaint.core.settings import Table, choose, merge, parse_assignment
from vidinpaint.inpainters.interface import ImageInpainter

Settings = Mapping[str, Any] | Iterable[str]


def image_methods() -> list[str]:
    """The names of all inpainters for single pictures, sorted."""
    return [*names("image_inpainters")]


def image_method(name: str, settings: Mapping[str, Any]) -> ImageInpainter:
    """One inpainter with its settings; a SettingError where there is none, or where it is one for clips."""
    inpainter = build("inpainters", name, settings)
    if not isinstance(inpainter, ImageInpainter):
        raise SettingError("a inpainter for single pictures", f"{name!r}, one for clips", choose(name, image_methods()))
    return inpainter


def settings_of(method: str, settings: Settings) -> Table:
    """The settings of one method: a table, or words "key=value" or "method.key=value"."""
    if isinstance(settings, Mapping):
        return dict(settings)
    return settings_by_method([method], [parse_assignment(text, method) for text in settings])[method]


def settings_by_method(methods: Iterable[str], tables: Iterable[Table]) -> dict[str, Table]:
    """The settings of several methods, out of tables by name of the method."""
    merged, known = merge(*tables), list(methods)
    for name in merged:
        if name not in known:
            raise SettingError("a setting of a method that is used", repr(name), choose(name, known))
    return {name: merged.get(name, {}) for name in known}
