"""`vidinpaint train`: settings from a config and from options, and messages for invalid ones."""

from pathlib import Path

import pytest

from tests.training.drawn import draw_photos
from vidinpaint.cli import main
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.core.presets import load_config, training_configs
from vidinpaint.training.run import train

QUICK = {"training": {"steps": 2, "validate_every": 1, "threads": 1}}


@pytest.mark.parametrize("name", training_configs())
def test_each_config_has_settings_of_its_recipe(name: str) -> None:
    from vidinpaint.core.registry import build
    from vidinpaint.core.settings import check
    from vidinpaint.training.training_settings import Training

    tables = load_config(name, training_configs())
    recipe = name.rpartition("_")[0]
    assert tables.keys() == {"training", recipe}
    check("training", Training, tables["training"])
    Training(**tables["training"])
    build("recipes", recipe, tables[recipe])


def test_a_run_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = draw_photos(tmp_path / "photos")
    arguments = ["train", "partial_conv", "-o", str(tmp_path / "run"), "--photos", photos, "--validation", photos]
    arguments += ["--steps", "2", "--set", "training.validate_every=1", "--set", "partial_conv.size=64"]
    arguments += ["--set", "partial_conv.batch_size=1", "--set", "partial_conv.held_out=2"]
    assert main([*arguments, "--quiet"]) == 0
    assert (tmp_path / "run" / "weights.safetensors").is_file()
    assert main(arguments) == 0  # already finished
    assert "mask_l1" in capsys.readouterr().out


def test_invalid_settings_and_missing_packages_give_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe, settings, word in (
        ("gated_convs", {}, "Did you mean 'gated_conv'"),
        ("gated_conv", {"trainings": {}}, "trainings"),
        ("gated_conv", {"training": {"step": 3}}, "steps"),
        ("gated_conv", {"gated_conv": {"width": "wide"}}, "width"),
        ("gated_conv", QUICK, "--photos"),
        ("gated_conv", {"training": {"critic_rate": 1.0}}, "Write training.discriminator_rate instead"),
        ("conv3d", {"conv3d": {"critic_width": 8}}, "Write conv3d.discriminator_width instead"),
        ("partial_conv", {"partial_conv": {"hole": 6.0}}, "Write partial_conv.mask instead"),
    ):
        with pytest.raises(SettingError, match=word):
            train(recipe, tmp_path / "run", settings=settings, quiet=True)
    monkeypatch.setattr("vidinpaint.weights.running.find_spec", lambda name: None)
    with pytest.raises(WeightsError, match=r"vidinpaint\[train\]"):
        train("gated_conv", tmp_path / "run")
