"""An old name of a setting or pipeline raises an error that gives the new name."""

from pathlib import Path

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.presets import load_pipeline, pipelines
from vidinpaint.core.renamed_settings import KEYS, TABLES, refuse_old_settings
from vidinpaint.execution.options import resolved_settings

PIPELINE, CONFIG = "object_removal", "balanced"

OLD = [
    ("filled.filler=telea", "inpaint.method"),
    ("filled.rest=telea", "inpaint.remainder_method"),
    ("filled.patchmatch.rounds=5", "inpaint.patchmatch.rounds"),
    ("inpaint.filler=telea", "inpaint.method"),
    ("anchors.filler=telea", "reference_frames.method"),
    ("anchors.count=4", "reference_frames.count"),
    ("segment.crf=18", "encode.crf"),
    ("result.feather=3", "composite.feather"),
    ("masks.grow=3", "mask.grow"),
    ("holes.fringe=false", "crop_mask.fringe"),
    ("finished.grain=0", "finish.grain"),
    ("checked.tolerance=2", "check.tolerance"),
    ("levels.on=false", "exposure.on"),
    ("flow.raft.fitting=0", "flow.raft.refinement"),
]


@pytest.mark.parametrize(("old", "new"), OLD)
def test_an_old_key_names_the_new_one(old: str, new: str) -> None:
    with pytest.raises(SettingError) as caught:
        resolved_settings(PIPELINE, CONFIG, [old], {})
    key = old.partition("=")[0]
    assert str(caught.value).count("\n") == 0
    assert f"its old name {key}. Write {new} instead." in str(caught.value)


@pytest.mark.parametrize(("old", "new"), OLD)
def test_the_new_key_is_valid(old: str, new: str) -> None:
    value = old.partition("=")[2]
    resolved_settings(PIPELINE, CONFIG, [f"{new}={value}"], {})


def test_an_old_key_in_a_config_or_in_python_names_the_new_one(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[segment]\ncrf = 18\n")
    with pytest.raises(SettingError, match=r"its old name segment\.crf\. Write encode\.crf"):
        resolved_settings(PIPELINE, str(config), [], {})
    with pytest.raises(SettingError, match=r"its old name filled\.filler\. Write inpaint\.method"):
        load_pipeline("object_removal").with_settings({"filled": {"filler": "telea"}})


def test_an_old_pipeline_names_the_new_one() -> None:
    with pytest.raises(SettingError, match=r"its old name 'fill_each_frame'\. Write inpaint_each_frame"):
        load_pipeline("fill_each_frame")


def test_a_stage_of_a_user_may_have_an_old_name() -> None:
    refuse_old_settings({"segment": {"crf": 18}}, {"segment"})


def test_every_new_name_is_there() -> None:
    stages = {name: stage for pipeline in pipelines() for name, stage in load_pipeline(pipeline).by_name.items()}
    assert set(TABLES.values()) <= stages.keys()
    removal = load_pipeline("object_removal").by_name
    recipes = {stage for stage, _ in KEYS} - removal.keys()
    assert recipes == {"conv3d", "gated_conv", "partial_conv", "training"}  # their keys: see tests of the trainer
    renamed = {keys: new for keys, new in KEYS.items() if keys[0] in removal and "." not in keys[1]}
    assert all(
        hasattr(removal[stage], new) and not hasattr(removal[stage], old) for (stage, old), new in renamed.items()
    )
