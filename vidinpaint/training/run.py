"""`train`: trains a recipe with the settings of a config."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.core.presets import load_config, training_configs
from vidinpaint.core.registry import build, names
from vidinpaint.core.renamed_settings import refuse_old_settings
from vidinpaint.core.settings import Table, check, choose, merge, parse_assignment
from vidinpaint.weights.running import require_installed


def train(
    recipe: str,
    folder: str | Path,
    *,
    config: str = "",
    settings: Sequence[str] | Mapping[str, Any] = (),
    quiet: bool = False,
) -> dict[str, float]:
    """Train a recipe, or continue the run in the folder; returns the figures of the last validation. See `api.train`.

    config     name of a config in configs/train, or a TOML file: tables `training` and one named like the recipe.
               Default: "", the recipe's small config
    settings   override the config: "raft.photos=DIR", "training.steps=100", or nested tables. Default: none
    Raises SettingError for unknown or out-of-range settings, ImageError if there are no images to train on.
    """
    require_installed("train", "torch", "torchvision", "safetensors", "matplotlib")
    recipes = names("recipes")
    if recipe not in recipes:
        raise SettingError("a recipe", repr(recipe), choose(recipe, recipes))
    tables = _tables(recipe, config or f"{recipe}_small", settings)
    built = build("recipes", recipe, tables.get(recipe, {}))
    training = tables.get("training", {})

    from vidinpaint.training.trainer import Trainer
    from vidinpaint.training.training_settings import Training

    check("training", Training, training)
    return Trainer(recipe, built, Training(**training), Path(folder)).run(quiet)


def _tables(recipe: str, config: str, settings: Sequence[str] | Mapping[str, Any]) -> Table:
    overrides = settings if isinstance(settings, Mapping) else merge(*(parse_assignment(text) for text in settings))
    tables = merge(load_config(config, training_configs()), overrides)
    for name in tables.keys() - {"training", recipe}:
        raise SettingError(f"a table 'training' or {recipe!r}", repr(name), choose(name, ["training", recipe]))
    refuse_old_settings(tables, ["training", recipe])
    return tables
