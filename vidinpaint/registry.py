"""The folder is the list: methods are found by the names of their files.

A method is a dataclass that has the name of its module, read without capitals and underscores: `telea.py` holds
`Telea`, `navier_stokes.py` holds `NavierStokes`, `patchmatch.py` holds `PatchMatch`. A file without such a class (an
interface, shared maths) and a file beginning with "_" is no method. So a new method is one new file and nothing else.

Listing parses the files and imports none of them; only the chosen method is imported.
"""

import ast
import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from vidinpaint.errors import SettingError
from vidinpaint.settings import check, choose


def names(package: str) -> dict[str, str]:
    """Every method below a package, sorted: name -> first line of what its class says about itself."""
    return {name: summary for name, (_, summary) in sorted(_methods(package).items())}


def load(package: str, name: str) -> type:
    """The class of one method; a SettingError that lists the names if there is none."""
    methods = _methods(package)
    if name not in methods:
        kind = package.rpartition(".")[2]
        raise SettingError(f"a method of {kind}", repr(name), choose(name, methods))
    module = importlib.import_module(methods[name][0])
    return next(value for key, value in vars(module).items() if _is_named_after(key, name) and isinstance(value, type))


def build(package: str, name: str, options: Mapping[str, Any]) -> Any:
    """One method with its settings; a SettingError for settings that it does not have or that have another type."""
    method = load(package, name)
    check(name, method, options)
    return method(**options)


def _methods(package: str) -> dict[str, tuple[str, str]]:
    """Name -> (module, first line), of all folders of a package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise SettingError("a package of methods", repr(package), "Name a package, such as 'vidinpaint.fillers'.")
    found: dict[str, tuple[str, str]] = {}
    for root in map(Path, spec.submodule_search_locations):
        for path in _files(root):
            summary = _summary(path, path.stat().st_mtime_ns)
            if summary is None:
                continue
            module = ".".join((package, *path.relative_to(root).with_suffix("").parts))
            if path.stem in found:
                raise SettingError("one file a method", f"{path.stem!r} in two folders of {package}", "Rename one.")
            found[path.stem] = module, summary
    return found


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.py")):
        if not any(part.startswith(("_", ".")) for part in path.relative_to(root).parts):
            yield path


@cache
def _summary(path: Path, changed: int) -> str | None:
    """The first line of the docstring of the method in a file `changed` then; None where there is no method."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and _is_named_after(node.name, path.stem):
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return None


def _is_named_after(name: str, module: str) -> bool:
    return name.lower() == module.replace("_", "").lower()
