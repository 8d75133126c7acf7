"""Settings of `method` hold for every stage that has this option."""

from pathlib import Path

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import Table
from vidinpaint.execution.options import resolved_settings


def settings(*texts: str, pipeline: str = "object_removal", config: str = "balanced") -> Table:
    return resolved_settings(pipeline, config, texts, {})[0]


def test_settings_of_the_method_reach_both_stages() -> None:
    tables = settings("method.patchmatch.radius=4", "method.detail=1")
    for stage in ("inpaint", "reference_frames"):
        assert (tables[stage]["patchmatch"], tables[stage]["detail"]) == ({"radius": 4}, 1)


@pytest.mark.parametrize(
    "texts", [("method.detail=1", "inpaint.detail=0.5"), ("inpaint.detail=1", "method.detail=0.5")]
)
def test_what_comes_later_takes_precedence(texts: tuple[str, ...]) -> None:
    assert settings(*texts)["inpaint"]["detail"] == 0.5


def test_a_pipeline_with_one_of_the_stages() -> None:
    tables = settings("method.patchmatch.radius=4", pipeline="static_camera")
    assert tables == {"inpaint": {"patchmatch": {"radius": 4}}}


def test_in_a_file_and_in_one_table_stages_take_precedence(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text("[inpaint.patchmatch]\nradius = 2\n[method.patchmatch]\nradius = 4\n")
    tables = settings(config=str(config))
    assert [tables[stage]["patchmatch"]["radius"] for stage in ("inpaint", "reference_frames")] == [2, 4]


@pytest.mark.parametrize("text", ["method.patchmatch.radios=4", "method.patchmatsch.radius=4"])
def test_unknown_ones_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"found '(radios|patchmatsch)'"):
        settings(text)
