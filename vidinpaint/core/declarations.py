"""Base classes and documentation of classes, read from source files without importing anything.

Base classes are followed through the top level of each file: `class X(Base)`, `import a.b`, `from a.b import Base` and
`from a.b import *`. What a module computes when it is imported is not seen.
"""

import ast
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Declaration:
    """A class: the paths (package.module.Class) of its base classes, and the first line of its documentation."""

    bases: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class ModuleSource:
    """The top level of a source file.

    classes          by name
    imports          local name -> path of what it stands for
    star_imports     modules from which everything is imported
    """

    classes: dict[str, Declaration]
    imports: dict[str, str]
    star_imports: tuple[str, ...]


def derives(path: str, base: str, visited: frozenset[str] = frozenset()) -> bool:
    """Whether the class at a path (package.module.Class) is `base` or derives from it, as far as the sources show."""
    if path == base:
        return True
    module, _, name = path.rpartition(".")
    if not module or path in visited or module.split(".")[0] in sys.stdlib_module_names:
        return False
    source = source_of(module)
    if source is None:
        return False
    if name in source.classes:
        origins = source.classes[name].bases
    elif name in source.imports:
        origins = (source.imports[name],)
    else:
        origins = tuple(f"{other}.{name}" for other in source.star_imports)
    return any(derives(origin, base, visited | {path}) for origin in origins)


def source_of(module: str) -> ModuleSource | None:
    """The top level of a module's file; None where there is no such file, or where it is not valid Python."""
    path = file_of(module)
    if path is None or path.suffix != ".py":
        return None
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return _parsed(path, path.stat().st_mtime_ns, module, package)


def file_of(module: str) -> Path | None:
    """The file of a module, found without importing anything; None where there is none."""
    top, *inner = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not inner and spec.origin:
        return Path(spec.origin)
    places = [Path(folder, *inner) for folder in spec.submodule_search_locations or ()]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return next(filter(Path.is_file, files), None)


@cache
def _parsed(path: Path, modified: int, module: str, package: str) -> ModuleSource | None:
    """The top level of a file; `modified` is its time stamp, so that a changed file is read again."""
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError, ValueError):
        return None
    imports: dict[str, str] = {}
    star_imports = []
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                imports[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: -(node.level - 1) or None] if node.level else []
            origin = ".".join([*parents, *filter(None, [node.module])])
            star_imports += [origin for alias in node.names if alias.name == "*"]
            imports.update({alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names})

    def path_of(base: ast.expr) -> str:
        first, dot, rest = ast.unparse(base.value if isinstance(base, ast.Subscript) else base).partition(".")
        return f"{imports.get(first, f'{module}.{first}')}{dot}{rest}"

    classes = {
        node.name: Declaration(tuple(map(path_of, node.bases)), (ast.get_docstring(node) or "").partition("\n")[0])
        for node in body
        if isinstance(node, ast.ClassDef)
    }
    return ModuleSource(classes, imports, tuple(star_imports))
