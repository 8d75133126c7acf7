"""The short options of the Python API, the command line and manifests; `resolved_settings` merges all settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, TypedDict

from vidinpaint.core.errors import SettingError
from vidinpaint.core.graph import Graph
from vidinpaint.core.presets import applicable_tables, load_config, load_pipeline
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import Table, choose, merge, parse_assignment

OPTION_SETTINGS: dict[str, tuple[str, ...]] = {
    "method": ("inpaint.method", "reference_frames.method"),
    "flow": ("flow.method",),
    "codec": ("encode.codec",),
    "crf": ("encode.crf",),
    "container": ("encode.container",),
    "grow": ("mask.grow",),
    "feather": ("composite.feather",),
    "resize_mask": ("mask.resize",),
    "mark": ("marks.template",),
}
"""Option -> the settings that it stands for; the pipeline must have the stage of the first one."""


class InpaintOptions(TypedDict, total=False):
    """The keyword arguments of `vidinpaint.inpaint`."""

    pipeline: str | Path
    config: str | Path
    settings: Mapping[str, Any] | Iterable[str]
    method: str | None
    flow: str | None
    codec: str | None
    crf: int | None
    container: str | None
    grow: int | None
    feather: int | None
    resize_mask: bool | None
    mark: str | Path | None
    start: Fraction | float | None
    end: Fraction | float | None
    rate: Fraction | float
    runner: str
    workers: int
    address: str
    gpus_per_worker: float
    report: str | Path | None
    debug: str | Path | None
    overwrite: bool
    strict: bool
    progress: Progress | None


def resolved_settings(
    pipeline: str, config: str, settings: Mapping[str, Any] | Iterable[str], options: Mapping[str, Any]
) -> tuple[Table, Graph]:
    """All settings that differ from the defaults of the stages, by stage, and the pipeline with these settings.

    settings   tables {"flow": {"passes": 1}}, or texts "flow.passes=1"; those of `method`, such as
               "method.patchmatch.radius=4", hold for every stage that has this option
    options    values by the names of `OPTION_SETTINGS`; None means not set
    Options override settings, and settings override the config. Settings that depend on this machine are resolved last.
    Raises SettingError.
    """
    graph = load_pipeline(pipeline)
    tables = [settings] if isinstance(settings, Mapping) else [parse_assignment(text) for text in settings]
    config_table = applicable_tables(_for_stages(load_config(config), graph), graph)
    tables = [_for_stages(table, graph) for table in tables]
    chosen = merge(config_table, *tables, *_option_tables(pipeline, graph, options))
    resolved = merge(chosen, graph.with_settings(chosen).resolved())
    configured = graph.with_settings(resolved)
    configured.check_outputs()
    return resolved, configured


def default_masks(graph: Graph) -> list[str]:
    """The masks of a pipeline that has some of its own, where none are given; empty for all others.

    With the template of a mark, that mark.
    """
    settings = graph.settings()
    template = settings.get("marks", {}).get("template", "")
    return [f"template:{template}"] if template else str(settings.get("mask", {}).get("default", "")).split()


def _for_stages(table: Mapping[str, Any], graph: Graph) -> Table:
    """The table with the settings of `method` in the tables of its stages, where others take precedence."""
    stages = [stage for stage, _, _ in (key.partition(".") for key in OPTION_SETTINGS["method"])]
    shared = table.get("method")
    if not isinstance(shared, Mapping) or "method" in graph.by_name:
        return dict(table)
    others = {name: value for name, value in table.items() if name != "method"}
    return merge({stage: shared for stage in stages if stage in graph.by_name}, others)


def _option_tables(pipeline: str, graph: Graph, options: Mapping[str, Any]) -> list[Table]:
    tables: list[Table] = []
    for name, value in options.items():
        if name not in OPTION_SETTINGS:
            raise SettingError("an option", repr(name), choose(name, OPTION_SETTINGS))
        if value is None:
            continue
        keys = [key.split(".") for key in OPTION_SETTINGS[name]]
        required = keys[0][0]
        if required not in graph.by_name:
            actual = f"{name}={value!r}, while pipeline {pipeline!r} has no stage {required!r}"
            raise SettingError("an option of this pipeline", actual, "Leave it out, or choose another pipeline.")
        tables += [{stage: {key: value}} for stage, key in keys if stage in graph.by_name]
    return tables
