"""Inpainters for single images: their names, and how one of them is built from its settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build, names
from vidinpaint.core.settings import Table, choose, merge, parse_assignment
from vidinpaint.inpainters.interface import ImageInpainter

Settings = Mapping[str, Any] | Iterable[str]


def image_methods() -> list[str]:
    """The names of all inpainters for single images, sorted."""
    return [*names("image_inpainters")]


def image_method(name: str, settings: Mapping[str, Any]) -> ImageInpainter:
    """One inpainter with its settings; raises SettingError for an unknown name and for an inpainter for clips only."""
    inpainter = build("inpainters", name, settings)
    if not isinstance(inpainter, ImageInpainter):
        actual = f"{name!r}, which is for clips only"
        raise SettingError("an inpainter for single images", actual, choose(name, image_methods()))
    return inpainter


def settings_of(method: str, settings: Settings) -> Table:
    """The settings of one method, from a table or from texts "key=value" or "method.key=value"."""
    if isinstance(settings, Mapping):
        return dict(settings)
    return settings_by_method([method], [parse_assignment(text, method) for text in settings])[method]


def settings_by_method(methods: Iterable[str], tables: Iterable[Table]) -> dict[str, Table]:
    """The settings of each method, from tables that are keyed by the name of the method."""
    merged, known = merge(*tables), list(methods)
    for name in merged:
        if name not in known:
            raise SettingError("a setting of one of the chosen methods", repr(name), choose(name, known))
    return {name: merged.get(name, {}) for name in known}
