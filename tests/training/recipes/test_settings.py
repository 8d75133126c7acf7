"""Settings of recipes: each preset config builds its recipe, and invalid settings give one line."""

import tomllib
from typing import Any

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.presets import training_configs
from vidinpaint.core.registry import build, names
from vidinpaint.training.training_settings import Training

RECIPES = "recipes"


def preset(name: str) -> dict[str, Any]:
    return tomllib.loads(training_configs()[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("recipe", "setting", "value"),
    [
        ("gated_conv", "kinds", "irregular,circle"),
        ("partial_conv", "kinds", ""),
        ("conv3d", "kinds", "boxes"),
        ("repaint", "multipliers", "1,two"),
        ("repaint", "attention", "8;16"),
    ],
)
def test_lists_are_checked_before_anything_runs(recipe: str, setting: str, value: str) -> None:
    with pytest.raises(SettingError, match="commas"):
        build(RECIPES, recipe, {setting: value})


@pytest.mark.parametrize(
    "name",
    [
        "gated_conv",
        "lama",
        "partial_conv",
        "repaint",
        "conv3d",
        "context_encoder",
        "contextual_attention",
        "edgeconnect",
        "glcic",
    ],
)
@pytest.mark.parametrize("size", ["small", "paper"])
def test_preset_configs_build_their_recipe(name: str, size: str) -> None:
    tables = preset(f"{name}_{size}")
    Training(**tables["training"])
    assert build(RECIPES, name, tables[name]).description()[0] in names("networks")


def test_the_small_config_of_the_structure_network_builds_it() -> None:
    tables = preset("structure_small")
    Training(**tables["training"])
    assert build(RECIPES, "structure", tables["structure"]).description() == ("structure", {"width": 32, "blocks": 6})


def test_paper_configs_have_the_published_weights() -> None:
    tables = preset("partial_conv_paper")["partial_conv"]
    terms = [tables[key] for key in ("valid", "mask", "perceptual", "style", "variation")]
    assert terms == [1.0, 6.0, 0.05, 120.0, 0.1]


def test_paper_configs_of_edgeconnect_and_the_context_encoder_have_their_published_weights() -> None:
    tables = preset("edgeconnect_paper")["edgeconnect"]
    terms = [tables[key] for key in ("edge_adversarial", "feature_matching", "l1", "adversarial", "perceptual")]
    assert (terms, tables["style"]) == ([1.0, 10.0, 1.0, 0.1, 0.1], 250.0)
    tables = preset("context_encoder_paper")["context_encoder"]
    assert (tables["reconstruction"], tables["adversarial"], tables["bottleneck"]) == (0.999, 0.001, 4000)


def test_the_paper_config_of_lama_has_its_published_weights() -> None:
    tables = preset("lama_paper")["lama"]
    terms = [tables[key] for key in ("valid", "high_receptive_field", "adversarial", "matching", "r1")]
    assert terms == [10.0, 30.0, 10.0, 100.0, 0.001]


def test_the_paper_config_of_contextual_attention_has_its_published_weights() -> None:
    tables = preset("contextual_attention_paper")["contextual_attention"]
    terms = [tables[key] for key in ("mask", "valid", "coarse", "discount", "adversarial", "penalty", "critic_steps")]
    assert terms == [1.2, 1.2, 1.2, 0.9, 0.001, 10.0, 5]


def test_the_paper_config_of_glcic_has_its_published_phases() -> None:
    tables = preset("glcic_paper")["glcic"]
    assert [tables[key] for key in ("network_steps", "discriminator_steps", "adversarial")] == [90000, 10000, 4e-4]
    assert preset("glcic_paper")["training"]["steps"] == 500_000
