"""Preset pipelines and configs: every key of a config is valid, none repeats a default, every setting has a summary."""

import pytest

from vidinpaint.core.presets import applicable_tables, configs, load_config, load_pipeline, pipelines
from vidinpaint.core.settings import describe


@pytest.mark.parametrize("config", configs())
@pytest.mark.parametrize("pipeline", pipelines())
def test_every_key_is_valid(config: str, pipeline: str) -> None:
    graph = load_pipeline(pipeline)
    graph.with_settings(applicable_tables(load_config(config), graph))


@pytest.mark.parametrize("config", configs())
def test_no_key_repeats_a_default(config: str) -> None:
    graph = load_pipeline("object_removal")
    before = {one.key: one.default for one in describe(graph, methods=True)}
    after = {one.key: one.default for one in describe(graph.with_settings(load_config(config)), methods=True)}
    keys = list(_keys("", load_config(config)))
    assert [key for key in keys if after[key] == before[key]] == []


def _keys(prefix: str, table: dict) -> list[str]:
    return [
        key
        for name, value in table.items()
        for key in (_keys(f"{prefix}{name}.", value) if isinstance(value, dict) else [f"{prefix}{name}"])
    ]


@pytest.mark.parametrize("pipeline", pipelines())
def test_every_setting_of_a_preset_has_a_summary_and_a_type(pipeline: str) -> None:
    listed = describe(load_pipeline(pipeline), methods=True)
    assert [one.key for one in listed if not one.summary or not one.type] == []
    assert len({one.key for one in listed}) == len(listed)
