"""`train`: one recipe with the settings of a config, from the command line or from Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.core.presets import load_config, training_configs
from vidinpaint.core.registry import build, names
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
    """Train a recipe in a folder, or go on there; the figures of the last validation.

    config     name of a config in configs/train, or a TOML file: tables `training` and one named as the recipe
               ("": the recipe's small one)
    settings   over those of the config: "raft.photos=DIR", "training.steps=100", or nested tables
    Raises SettingError for unknown or absurd settings, ImageError where there is nothing to train on.
    """
    require_installed("train", "torch", "torchvision", "safetensors", "matplotlib")
    recipes = names("recipes")
    if recipe not in recipes:
        raise SettingError("a recipe", repr(recipe), choose(recipe, recipes))
    tables = _tables(recipe, config or f"{recipe}_small", settings)
    built = build("recipes", recipe, tables.get(recipe, {}))

    from vidinpaint.training.trainer import Trainer
    from vidinpaint.training.training_settings import Training

    chosen = tables.get("training", {})
    check("training", Training, chosen)
    return Trainer(recipe, built, Training(**chosen), Path(folder)).run(quiet)


def _tables(recipe: str, config: str, settings: Sequence[str] | Mapping[str, Any]) -> Table:
    given = settings if isinstance(settings, Mapping) else merge(*(parse_assignment(text) for text in settings))
    tables = merge(load_config(config, training_configs()), given)
    for name in tables.keys() - {"training", recipe}:
        raise SettingError(f"a table 'training' or {recipe!r}", repr(name), choose(name, ["training", recipe]))
    return tables
