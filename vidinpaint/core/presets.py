"""Presets: the pipelines and configs that come with the package, by name, and a user's own, by path.

In a checkout they are read from the folders beside the package, so that an editable install never uses outdated
copies; in an installed wheel they are read from inside the package. A pipeline is a Python file: loading it runs it.
"""

import ast
import runpy
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from vidinpaint.core.errors import GraphError, SettingError
from vidinpaint.core.graph import Graph
from vidinpaint.core.renamed_settings import refuse_old_pipeline, refuse_old_settings
from vidinpaint.core.settings import Table, choose

PACKAGE = Path(__file__).parents[1]


def pipelines() -> dict[str, str]:
    """Every preset pipeline: name -> first line of its docstring."""
    return {path.stem: _first_line(path) for path in _files("pipelines", ".py")}


def configs() -> dict[str, str]:
    """Every preset config: name -> its first comment line."""
    return {path.stem: _first_line(path) for path in _files("configs", ".toml")}


def training_configs() -> dict[str, Path]:
    """Every preset config for training: name -> file."""
    return {path.stem: path for path in _files("configs/train", ".toml")}


def load_pipeline(name: str) -> Graph:
    """The graph of a preset pipeline, or of a Python file that defines `graph`."""
    refuse_old_pipeline(name)
    path = _find("pipelines", ".py", name)
    graph = runpy.run_path(str(path)).get("graph")
    if not isinstance(graph, Graph):
        raise GraphError(f"a Graph named 'graph' in {path.name}", type(graph).__name__, "Write graph = Graph(...).")
    return graph


def load_config(name: str, presets: Mapping[str, Path] | None = None) -> Table:
    """The tables of a preset config, or of a TOML file.

    presets  name -> file, of the preset configs. Default: the configs for pipelines
    """
    path = _find("configs", ".toml", name, presets)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError("a TOML file", f"{name!r}: {error}", "Correct the line that the message names.") from None


def applicable_tables(config: Table, graph: Graph) -> Table:
    """The tables of a config that belong to stages of the pipeline.

    One config serves several pipelines: tables of stages that only other preset pipelines have are left out. Raises
    SettingError for a table of a stage that no pipeline has.
    """
    unused = config.keys() - graph.by_name.keys()
    if unused:
        known = {*graph.by_name, *(stage for name in pipelines() for stage in load_pipeline(name).by_name)}
        refuse_old_settings(config, known)
        for name in sorted(unused - known):
            raise SettingError("a stage in the config", repr(name), choose(name, known))
    return {name: table for name, table in config.items() if name in graph.by_name}


def _files(kind: str, suffix: str) -> list[Path]:
    beside = PACKAGE.parent / kind
    folder = beside if (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / kind
    return sorted(folder.glob(f"*{suffix}"))


def _find(kind: str, suffix: str, name: str, presets: Mapping[str, Path] | None = None) -> Path:
    path = Path(name)
    if path.suffix == suffix:
        if not path.is_file():
            raise SettingError(f"a {suffix} file", f"{name!r}, which does not exist", "Check the path.")
        return path
    if presets is None:
        presets = {file.stem: file for file in _files(kind, suffix)}
    if name not in presets:
        remedy = f"{choose(name, presets)} Or give the path of a {suffix} file."
        raise SettingError(f"a {kind.removesuffix('s')}", repr(name), remedy)
    return presets[name]


def _first_line(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    return text.partition("\n")[0].lstrip("# ")


def version(package: str = "vidinpaint") -> str:
    """The version of an installed package, or "not installed"."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
