"""Finds methods by the base class that they derive from, in this package and in other installed packages.

In this package, a method is a class that has the name of its file, apart from capitals and underscores (`telea.py`
holds `Telea`, `navier_stokes.py` holds `NavierStokes`), and that derives from the base class of its interface: a new
method is one new file and no other change. Files and folders whose names begin with "_" are ignored.

In another package, a method is an entry point `name = "package.module:Class"` in the group of its interface, and the
class derives from the same base class.

Listing methods reads their source files (`vidinpaint.core.declarations`) and imports none of them. Only a method that
is loaded is imported, and its base class is checked again.
"""

import dataclasses
import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from vidinpaint.core.declarations import derives, file_of, source_of
from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import check, choose


@dataclass(frozen=True)
class Interface:
    """One kind of method.

    package  the package whose folders hold the methods of vidinpaint
    base     the class from which each method derives, as package.module.Class
    group    group of the entry points by which other packages add methods; "" where they cannot
    """

    package: str
    base: str
    group: str = ""


_INPAINTERS = "vidinpaint.inpainters"
_BASES = f"{_INPAINTERS}.interface"
interfaces: dict[str, Interface] = {
    "image_inpainters": Interface(_INPAINTERS, f"{_BASES}.ImageInpainter", _INPAINTERS),
    "video_inpainters": Interface(_INPAINTERS, f"{_BASES}.VideoInpainter", _INPAINTERS),
    "inpainters": Interface(_INPAINTERS, f"{_BASES}.Inpainter", _INPAINTERS),
    "flow_methods": Interface("vidinpaint.flow", "vidinpaint.flow.interface.FlowMethod", "vidinpaint.flow_methods"),
    "flow_completions": Interface("vidinpaint.flow", "vidinpaint.flow.interface.FlowCompletion"),
    "mask_sources": Interface(
        "vidinpaint.masks.sources", "vidinpaint.masks.sources.interface.MaskSource", "vidinpaint.mask_sources"
    ),
    "detectors": Interface("vidinpaint.checking", "vidinpaint.weights.catalogue.Learned"),
    "networks": Interface("vidinpaint.networks", "torch.nn.Module"),
    "metrics": Interface("vidinpaint.evaluation", "vidinpaint.evaluation.interface.NetworkMetric"),
    "recipes": Interface("vidinpaint.training.recipes", "vidinpaint.training.recipe.Recipe"),
}
"""Every kind of method; of several with the same group, the last one is the most general."""


@dataclass(frozen=True)
class _Method:
    """A class that derives from the base class of an interface; `package` is empty for those of vidinpaint."""

    module: str
    name: str
    package: str = ""

    @classmethod
    def of(cls, entry: EntryPoint) -> "_Method":
        """The class that an entry point names, with the name and version of its package."""
        dist = entry.dist
        return cls(entry.module, entry.attr, f"{dist.name} {dist.version}" if dist else "an unknown package")

    @property
    def path(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def origin(self) -> str:
        return self.package or f"vidinpaint ({self.module})"

    @property
    def summary(self) -> str:
        """The first line of its documentation, and its package where it is another one."""
        source = source_of(self.module)
        line = source.classes[self.name].summary if source and self.name in source.classes else ""
        return f"{line} ({self.package})" if self.package else line


def names(interface: str) -> dict[str, str]:
    """Every usable method of an interface, sorted: name -> first line of its documentation. See also `problems`."""
    return {name: found[0].summary for name, found in sorted(_methods(interface).items()) if len(found) == 1}


def plugins(interface: str) -> dict[str, str]:
    """The names that other packages register for an interface -> name and version of the package."""
    return {entry.name: _Method.of(entry).package for entry in _entry_points(interfaces[interface].group)}


def plugin_files() -> dict[str, Path]:
    """The files that hold methods of other packages, by package and class; results may depend on their contents."""
    entries = [entry for group in _groups() for entry in _entry_points(group)]
    files = {f"{_Method.of(entry).package} {entry.value}": file_of(entry.module) for entry in entries}
    return {name: path for name, path in sorted(files.items()) if path is not None}


def problems() -> list[str]:
    """A line for each method of another package that cannot be used, as far as can be seen without importing it."""
    lines = []
    for group in _groups():
        interface = [name for name, one in interfaces.items() if one.group == group][-1]
        lines += [str(_invalid(interface, entry)) for entry in _invalid_entry_points(group)]
        lines += [str(_clash(name, found)) for name, found in sorted(_methods(interface).items()) if len(found) > 1]
    return lines


def load(interface: str, name: str) -> type:
    """The class of one method.

    Raises a SettingError that lists the valid names for an unknown one, and also for a name that two packages use and
    for a method of another package that cannot be imported or does not derive from the interface's base class.
    """
    found = _methods(interface).get(name, [])
    if len(found) > 1:
        raise _clash(name, found)
    if found:
        return _import(interface, name, found[0])
    for entry in _invalid_entry_points(interfaces[interface].group):
        if entry.name == name:
            raise _invalid(interface, entry)
    raise SettingError(f"one of the {interface.replace('_', ' ')}", repr(name), choose(name, names(interface)))


def build(interface: str, name: str, options: Mapping[str, Any]) -> Any:
    """One method with its settings. Raises SettingError for unknown settings and for values of another type."""
    method = load(interface, name)
    if not dataclasses.is_dataclass(method):
        raise SettingError(f"a dataclass for {name!r}", f"{method.__module__}.{method.__name__}", "Make it one.")
    check(name, method, options)
    return method(**options)


def own(interface: str) -> list[Any]:
    """The classes of an interface that come with vidinpaint, imported."""
    return [_import(interface, name, method) for name, method in _own(interfaces[interface])]


def declaring(base: str) -> tuple[list[Any], list[str]]:
    """The classes of all interfaces that also derive from `base` (package.module.Class), and errors of their import."""
    kinds: dict[Any, None] = {}
    errors: dict[str, None] = {}
    for interface in interfaces:
        for name, methods in sorted(_methods(interface).items()):
            if not any(derives(method.path, base) for method in methods):
                continue
            try:
                kinds[load(interface, name)] = None
            except SettingError as error:
                errors[str(error)] = None
    return [*kinds], [*errors]


def _methods(interface: str) -> dict[str, list[_Method]]:
    return _methods_on(interfaces[interface], tuple(sys.path))


@cache
def _methods_on(interface: Interface, path: tuple[str, ...]) -> dict[str, list[_Method]]:
    """Name -> methods of this name, those of vidinpaint first; several are a clash. `path` is sys.path."""
    found: dict[str, list[_Method]] = {}
    for name, method in _own(interface):
        found.setdefault(name, []).append(method)
    for entry in _entry_points(interface.group):
        if derives(_Method.of(entry).path, interface.base):
            found.setdefault(entry.name, []).append(_Method.of(entry))
    return found


def _own(interface: Interface) -> Iterator[tuple[str, _Method]]:
    """(name, method) of those in the folders of vidinpaint, sorted by folder and name."""
    file = file_of(interface.package)
    if file is None or file.name != "__init__.py":
        raise SettingError("a package of methods", repr(interface.package), "Name a package with an __init__.py.")
    for path in sorted(file.parent.rglob("*.py")):
        inner = path.relative_to(file.parent).with_suffix("").parts
        if any(part.startswith(("_", ".")) for part in inner):
            continue
        module = ".".join((interface.package, *inner))
        source = source_of(module)
        for name in source.classes if source else ():
            if name.lower() == path.stem.replace("_", "").lower() and derives(f"{module}.{name}", interface.base):
                yield path.stem, _Method(module, name)


def _import(interface: str, name: str, method: _Method) -> type:
    try:
        kind = getattr(importlib.import_module(method.module), method.name)
    except Exception as error:
        if not method.package:
            raise
        line = " ".join(f"{type(error).__name__}: {error}".split())
        remedy = "Correct or uninstall this package."
        raise SettingError(f"{name!r} of {method.package} to import", f"{line[:200]} in it", remedy) from error
    module, _, base = interfaces[interface].base.rpartition(".")
    if not (isinstance(kind, type) and issubclass(kind, getattr(importlib.import_module(module), base))):
        actual, remedy = f"{method.path} of {method.origin}", "Derive it from that class."
        raise SettingError(f"a class that derives from {interfaces[interface].base}", actual, remedy)
    return kind


def _groups() -> list[str]:
    return sorted({interface.group for interface in interfaces.values() if interface.group})


def _entry_points(group: str) -> tuple[EntryPoint, ...]:
    return _entry_points_on(group, tuple(sys.path)) if group else ()


@cache
def _entry_points_on(group: str, path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    return tuple(sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)))


def _invalid_entry_points(group: str) -> list[EntryPoint]:
    """Entry points of a group whose class derives from the base class of none of the interfaces with this group."""
    bases = [one.base for one in interfaces.values() if one.group == group]
    return [e for e in _entry_points(group) if not any(derives(_Method.of(e).path, base) for base in bases)]


def _invalid(interface: str, entry: EntryPoint) -> SettingError:
    source = source_of(entry.module)
    if file_of(entry.module) is None:
        reason = f"module {entry.module} does not exist"
    elif source is None:
        reason = f"{entry.module} is not valid Python"
    elif entry.attr not in source.classes and entry.attr not in source.imports:
        reason = f"{entry.module} has no class {entry.attr}"
    else:
        reason = f"{entry.attr} does not derive from it, as far as the source shows"
    actual = f"{entry.name!r} of {_Method.of(entry).package}, where {reason}"
    return SettingError(f"a class that derives from {interfaces[interface].base}", actual, "Correct or uninstall it.")


def _clash(name: str, methods: list[_Method]) -> SettingError:
    origins = " and ".join(method.origin for method in methods)
    return SettingError(f"one method named {name!r}", f"two, of {origins}", "Rename or uninstall one.")
