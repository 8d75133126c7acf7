"""Pipelines and configs by name: those that ship with the package, and a user's own by path.

In a checkout they are read from the folders beside the package, so that an editable install never serves stale
copies; in an installed wheel from inside the package. A pipeline is Python and is run when it is loaded.
"""

import ast
import runpy
import tomllib
from collections.abc import Mapping
from pathlib import Path

from vidinpaint.errors import GraphError, SettingError
from vidinpaint.graph import Graph
from vidinpaint.renamed_settings import refuse_old_pipeline, refuse_old_settings
from vidinpaint.settings import Table, choose

PACKAGE = Path(__file__).parent


def pipelines() -> dict[str, str]:
    """Name -> first line of every shipped pipeline."""
    return {path.stem: _first_line(path) for path in _files("pipelines", ".py")}


def configs() -> dict[str, str]:
    """Name -> first comment line of every shipped config."""
    return {path.stem: _first_line(path) for path in _files("configs", ".toml")}


def training_configs() -> dict[str, Path]:
    """Name -> file of every shipped config for training."""
    return {path.stem: path for path in _files("configs/train", ".toml")}


def load_pipeline(name: str) -> Graph:
    """The graph of a shipped pipeline, or of a Python file that defines `graph`."""
    refuse_old_pipeline(name)
    path = _find("pipelines", ".py", name)
    graph = runpy.run_path(str(path)).get("graph")
    if not isinstance(graph, Graph):
        raise GraphError(f"a Graph named 'graph' in {path.name}", type(graph).__name__, "Write graph = Graph(...).")
    return graph


def load_config(name: str, shipped: Mapping[str, Path] | None = None) -> Table:
    """The tables of a shipped config (of a pipeline, unless `shipped` names others), or of a TOML file."""
    path = _find("configs", ".toml", name, shipped)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError("a TOML file", f"{name!r}: {error}", "Mend the line that it names.") from None


def fitting(config: Table, graph: Graph) -> Table:
    """The tables of a config that a pipeline has stages for.

    One config serves several pipelines, so tables of a stage that only another shipped pipeline has are left out; a
    table that no pipeline knows is an error.
    """
    foreign = config.keys() - graph.by_name.keys()
    if foreign:
        known = {*graph.by_name, *(stage for name in pipelines() for stage in load_pipeline(name).by_name)}
        refuse_old_settings(config, known)
        for name in sorted(foreign - known):
            raise SettingError("a stage in the config", repr(name), choose(name, known))
    return {name: table for name, table in config.items() if name in graph.by_name}


def _files(kind: str, suffix: str) -> list[Path]:
    beside = PACKAGE.parent / kind
    folder = beside if (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / kind
    return sorted(folder.glob(f"*{suffix}"))


def _find(kind: str, suffix: str, name: str, shipped: Mapping[str, Path] | None = None) -> Path:
    path = Path(name)
    if path.suffix == suffix:
        if not path.is_file():
            raise SettingError(f"a {suffix} file", f"{name!r}, which does not exist", "Check the path.")
        return path
    if shipped is None:
        shipped = {file.stem: file for file in _files(kind, suffix)}
    if name not in shipped:
        what = kind.removesuffix("s")
        remedy = f"{choose(name, shipped)} Or give the path of a {suffix} file."
        raise SettingError(f"a {what}", repr(name), remedy)
    return shipped[name]


def _first_line(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    return text.partition("\n")[0].lstrip("# ")


def version() -> str:
    """The version of the installed package."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("vidinpaint")
    except PackageNotFoundError:
        return "not installed"
