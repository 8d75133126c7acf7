"""What source files say about classes: their base classes and documentation, read without importing anything.

Base classes are followed through what is written at the top of each file: `class X(Base)`, `from a.b import Base`,
`from a.b import *`. What is computed when a module is imported is not seen.
"""

import ast
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path


def derives(path: str, base: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the class at a path (package.module.Class) is base or derives from it, as the source files say."""
    if path == base:
        return True
    module, _, name = path.rpartition(".")
    if not module or path in seen or module.split(".")[0] in sys.stdlib_module_names:
        return False
    source = source_of(module)
    if source is None:
        return False
    if name in source.classes:
        following = source.classes[name].bases
    elif name in source.imports:
        following = (source.imports[name],)
    else:
        following = tuple(f"{other}.{name}" for other in source.stars)
    return any(derives(other, base, seen | {path}) for other in following)


@dataclass(frozen=True)
class Declaration:
    """A class: the paths of its base classes, and the first line of its documentation."""

    bases: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class Source:
    """What a file says at its top level.

    classes  by name
    imports  name -> path of what it stands for
    stars    modules of which everything is imported
    """

    classes: dict[str, Declaration]
    imports: dict[str, str]
    stars: tuple[str, ...]


def source_of(module: str) -> Source | None:
    """What the file of a module says; None where there is none, or where it is not Python."""
    path = file_of(module)
    if path is None or path.suffix != ".py":
        return None
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return _parsed(path, path.stat().st_mtime_ns, module, package)


def file_of(module: str) -> Path | None:
    """The file of a module, found without importing anything."""
    top, *inner = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not inner and spec.origin:
        return Path(spec.origin)
    for folder in map(Path, spec.submodule_search_locations or ()):
        place = folder.joinpath(*inner)
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file():
                return path
    return None


@cache
def _parsed(path: Path, changed: int, module: str, package: str) -> Source | None:
    """What a file, `changed` then, says."""
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError, ValueError):
        return None
    imports: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                imports[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: -(node.level - 1) or None] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                name = f"*{origin}" if alias.name == "*" else alias.asname or alias.name
                imports[name] = f"{origin}.{alias.name}"
    found = [node for node in body if isinstance(node, ast.ClassDef)]

    def path_of(base: ast.expr) -> str:
        first, dot, rest = ast.unparse(base.value if isinstance(base, ast.Subscript) else base).partition(".")
        return f"{imports.get(first, f'{module}.{first}')}{dot}{rest}"

    def declaration(node: ast.ClassDef) -> Declaration:
        summary = (ast.get_docstring(node) or "").partition("\n")[0]
        return Declaration(tuple(path_of(base) for base in node.bases), summary)

    stars = tuple(imports.pop(name).removesuffix(".*") for name in [*imports] if name.startswith("*"))
    return Source({node.name: declaration(node) for node in found}, imports, stars)
