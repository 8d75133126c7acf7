"""docs/pipelines.md: its example is a pipeline that runs, with a stage of its own."""

import re
from pathlib import Path

import numpy as np
import pytest

import vidinpaint
from vidinpaint.core.errors import SettingError


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "pipelines.md").read_text(encoding="utf-8")
    (tmp_path / "soft.py").write_text(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1])
    frames = np.random.default_rng(0).integers(0, 256, (3, 48, 64, 3), np.uint8)
    mask = np.zeros((48, 64), bool)
    mask[10:30, 20:40] = True
    plain, soft = (
        vidinpaint.inpaint(frames, mask, pipeline=tmp_path / "soft.py", settings=[f"soften.radius={radius}"])
        for radius in (1, 9)
    )
    assert np.array_equal(soft[:, ~mask], frames[:, ~mask])
    detail = [np.diff(result[:, 12:28, 22:38].astype(int), axis=2).std() for result in (plain, soft)]
    assert detail[1] < detail[0]
    with pytest.raises(SettingError, match="1 to 20"):
        vidinpaint.inpaint(frames, mask, pipeline=tmp_path / "soft.py", settings=["soften.radius=0"])
