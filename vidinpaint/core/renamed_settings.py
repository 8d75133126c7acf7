"""Old names of settings and pipelines, until version 0.1, and their new names.

An old name in `--set`, a TOML file or Python raises an error that gives the new name.
"""

from collections.abc import Collection, Mapping
from typing import Any

from vidinpaint.core.errors import SettingError

TABLES = {
    "anchors": "reference_frames",
    "checked": "check",
    "filled": "inpaint",
    "finished": "finish",
    "holes": "crop_mask",
    "levels": "exposure",
    "masks": "mask",
    "result": "composite",
    "segment": "encode",
}
"""Old name of a table -> the name of its stage."""

KEYS = {
    ("conv3d", "critic_layers"): "discriminator_layers",
    ("conv3d", "critic_width"): "discriminator_width",
    ("conv3d", "hole"): "mask",
    ("flow", "raft.fitting"): "raft.refinement",
    ("gated_conv", "critic_width"): "discriminator_width",
    ("gated_conv", "hole"): "mask",
    ("inpaint", "filler"): "method",
    ("inpaint", "rest"): "remainder_method",
    ("partial_conv", "hole"): "mask",
    ("reference_frames", "filler"): "method",
    ("training", "critic_rate"): "discriminator_rate",
}
"""(stage, or table of a training config, and old key) -> new key."""

PIPELINES = {"fill_each_frame": "inpaint_each_frame"}
"""Old name of a pipeline -> its new name."""


def refuse_old_settings(tables: Mapping[str, Any], stages: Collection[str]) -> None:
    """Raise a SettingError that names the new key of the first old key; the name of a stage is never an old name.

    tables   settings by the name of their table
    stages   names of the stages of the pipeline
    """
    for table, settings in tables.items():
        stage = table if table in stages else TABLES.get(table, table)
        for path in _paths(settings):
            old, new = ".".join([table, *path]), ".".join([stage, *_renamed(stage, path)])
            if old != new:
                raise SettingError(f"the setting {new}", f"its old name {old}", f"Write {new} instead.")


def refuse_old_pipeline(name: str) -> None:
    """Raise a SettingError with the new name of a pipeline if `name` is an old one."""
    if name in PIPELINES:
        new = PIPELINES[name]
        raise SettingError(f"the pipeline {new!r}", f"its old name {name!r}", f"Write {new} instead.")


def _renamed(stage: str, path: list[str]) -> list[str]:
    for length in (1, 2):
        key = KEYS.get((stage, ".".join(path[:length])))
        if key:
            return [key, *path[length:]]
    return path


def _paths(settings: Any) -> list[list[str]]:
    """The path of keys to each value: ["patchmatch", "rounds"] in {"patchmatch": {"rounds": 5}}."""
    if not isinstance(settings, Mapping) or not settings:
        return [[]]
    return [[str(key), *path] for key, value in settings.items() for path in _paths(value)]
