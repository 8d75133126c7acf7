"""Finds methods by the interface that they declare: in the folders of this package, and in other installed packages.

Ours: a class that has the name of its file, read without capitals and underscores (`telea.py` holds `Telea`,
`navier_stokes.py` holds `NavierStokes`), and that derives from the base class of the interface. So a new method is one
new file and nothing else. Files that begin with "_" are not looked at.

Those of other packages: an entry point `name = "package.module:Class"` in the group of the interface. The class must
derive from the same base class.

Listing imports none of them: it reads what their files say (`vidinpaint.core.declarations`). Only the chosen method is
imported, and then checked again.
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

    package  whose folders hold ours
    base     the class that each derives from, as package.module.Class
    group    of the entry points by which other packages add theirs; "" where they cannot
    """

    package: str
    base: str
    group: str = ""


interfaces: dict[str, Interface] = {
    "image_inpainters": Interface(
        "vidinpaint.inpainters", "vidinpaint.inpainters.interface.ImageInpainter", "vidinpaint.inpainters"
    ),
    "video_inpainters": Interface(
        "vidinpaint.inpainters", "vidinpaint.inpainters.interface.VideoInpainter", "vidinpaint.inpainters"
    ),
    "inpainters": Interface(
        "vidinpaint.inpainters", "vidinpaint.inpainters.interface.Inpainter", "vidinpaint.inpainters"
    ),
    "flow_methods": Interface("vidinpaint.flow", "vidinpaint.flow.interface.FlowMethod", "vidinpaint.flow_methods"),
    "flow_completions": Interface("vidinpaint.flow", "vidinpaint.flow.interface.FlowCompletion"),
    "mask_sources": Interface(
        "vidinpaint.masks.sources", "vidinpaint.masks.sources.interface.MaskSource", "vidinpaint.mask_sources"
    ),
    "networks": Interface("vidinpaint.networks", "torch.nn.Module"),
    "recipes": Interface("vidinpaint.training.recipes", "vidinpaint.training.recipe.Recipe"),
}
"""Every kind of method; of kinds with the same group, the last one is the most general."""


@dataclass(frozen=True)
class _Method:
    """A class that declares an interface; package is "" for ours, else name and version of the package it is from."""

    module: str
    name: str
    package: str = ""

    @property
    def path(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def place(self) -> str:
        return self.package or f"vidinpaint ({self.module})"


def names(interface: str) -> dict[str, str]:
    """Every method of an interface, sorted: name -> first line of its documentation, and its package if not ours.

    Methods that cannot be used are left out, see `problems`.
    """
    found = {name: methods[0] for name, methods in sorted(_methods(interface).items()) if len(methods) == 1}
    return {name: f"{_summary(one)} ({one.package})" if one.package else _summary(one) for name, one in found.items()}


def plugins(interface: str) -> dict[str, str]:
    """The names that other packages register for an interface -> name and version of the package."""
    return {entry.name: _package(entry) for entry in _entry_points(interfaces[interface].group)}


def plugin_files() -> dict[str, Path]:
    """The files that hold methods of other packages, by package and class: what results may depend on."""
    entries = [entry for group in _groups() for entry in _entry_points(group)]
    files = {f"{_package(entry)} {entry.value}": file_of(entry.module) for entry in entries}
    return {name: path for name, path in sorted(files.items()) if path is not None}


def problems() -> list[str]:
    """A line for each method of another package that cannot be used, as far as can be seen without importing it."""
    lines = []
    for group in _groups():
        interface = [name for name, one in interfaces.items() if one.group == group][-1]
        lines += [str(_undeclared(interface, entry)) for entry in _undeclaring(interface)]
        clashing = {name: methods for name, methods in _methods(interface).items() if len(methods) > 1}
        lines += [str(_clash(name, methods)) for name, methods in sorted(clashing.items())]
    return lines


def load(interface: str, name: str) -> type:
    """The class of one method.

    Raises a SettingError that lists the names if there is none, for a name that two packages use, and for a method of
    another package that cannot be imported or does not derive from the interface's base class.
    """
    found = _methods(interface).get(name, [])
    if len(found) > 1:
        raise _clash(name, found)
    if found:
        return _import(interface, name, found[0])
    for entry in _undeclaring(interface):
        if entry.name == name:
            raise _undeclared(interface, entry)
    raise SettingError(f"one of the {_words(interface)}", repr(name), choose(name, names(interface)))


def build(interface: str, name: str, options: Mapping[str, Any]) -> Any:
    """One method with its settings; a SettingError for settings that it does not have or that have another type."""
    method = load(interface, name)
    if not dataclasses.is_dataclass(method):
        raise SettingError(f"a dataclass for {name!r}", f"{method.__module__}.{method.__name__}", "Make it one.")
    check(name, method, options)
    return method(**options)


def own(interface: str) -> list[Any]:
    """The classes of an interface that come with vidinpaint, imported."""
    return [_import(interface, name, method) for name, method in _own(interfaces[interface])]


def declaring(base: str) -> tuple[list[Any], list[str]]:
    """The classes of all interfaces that also derive from base (package.module.Class); and errors of importing them."""
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
    """Name -> methods of this name, ours first; more than one is a clash."""
    found: dict[str, list[_Method]] = {}
    for name, method in _own(interface):
        found.setdefault(name, []).append(method)
    for entry in _entry_points(interface.group):
        if derives(f"{entry.module}.{entry.attr}", interface.base):
            found.setdefault(entry.name, []).append(_Method(entry.module, entry.attr, _package(entry)))
    return found


def _own(interface: Interface) -> Iterator[tuple[str, _Method]]:
    """Ours: (name, method), sorted by folder and name."""
    file = file_of(interface.package)
    root = file.parent if file and file.name == "__init__.py" else None
    if root is None:
        raise SettingError("a package of methods", repr(interface.package), "Name a package with an __init__.py.")
    for path in sorted(root.rglob("*.py")):
        inner = path.relative_to(root).with_suffix("").parts
        if any(part.startswith(("_", ".")) for part in inner):
            continue
        module = ".".join((interface.package, *inner))
        source = source_of(module)
        for name in source.classes if source else ():
            named_after = name.lower() == path.stem.replace("_", "").lower()
            if named_after and derives(f"{module}.{name}", interface.base):
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
        actual, remedy = f"{method.path} of {method.place}", "Derive it from that class."
        raise SettingError(f"a class that derives from {interfaces[interface].base}", actual, remedy)
    return kind


def _groups() -> list[str]:
    return sorted({interface.group for interface in interfaces.values() if interface.group})


def _entry_points(group: str) -> tuple[EntryPoint, ...]:
    return _entry_points_on(group, tuple(sys.path)) if group else ()


@cache
def _entry_points_on(group: str, path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    return tuple(sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)))


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown package"


def _undeclaring(interface: str) -> list[EntryPoint]:
    """Entry points of the interface's group that declare none of the interfaces with this group."""
    group = interfaces[interface].group
    bases = [one.base for one in interfaces.values() if one.group == group]
    return [
        entry
        for entry in _entry_points(group)
        if not any(derives(f"{entry.module}.{entry.attr}", base) for base in bases)
    ]


def _undeclared(interface: str, entry: EntryPoint) -> SettingError:
    source = source_of(entry.module)
    if file_of(entry.module) is None:
        why = f"module {entry.module} does not exist"
    elif source is None:
        why = f"{entry.module} is not valid Python"
    elif entry.attr not in source.classes and entry.attr not in source.imports:
        why = f"{entry.module} has no class {entry.attr}"
    else:
        why = f"{entry.attr} does not derive from it, as far as the source shows"
    actual = f"{entry.name!r} of {_package(entry)}, where {why}"
    return SettingError(f"a class that derives from {interfaces[interface].base}", actual, "Correct or uninstall it.")


def _clash(name: str, methods: list[_Method]) -> SettingError:
    places = " and ".join(method.place for method in methods)
    return SettingError(f"one method named {name!r}", f"two, of {places}", "Rename or uninstall one.")


def _words(interface: str) -> str:
    return interface.replace("_", " ")


def _summary(method: _Method) -> str:
    source = source_of(method.module)
    return source.classes[method.name].summary if source and method.name in source.classes else ""
