"""The short trainings: every recipe has one, and rows are read as they were written."""

from pathlib import Path

import pytest
import training

from vidinpaint.core.registry import names


def test_every_recipe_has_a_run() -> None:
    assert {run.recipe for run in training.RUNS.values()} == {*names("recipes")}
    assert all(earlier in training.RUNS for run in training.RUNS.values() for earlier in run.earlier.values())


def test_rows_are_kept_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "RESULT", tmp_path / "results" / "training.csv")
    assert training.read() == {}
    last, first = training.Row("raft", 60, 100.5, "EPE", 4.0, 3.5), training.Row("glcic", 90, 52.0, "mask_l1", 0.2, 0.1)
    training.write({"raft": last, "glcic": first})
    assert list(training.read().items()) == [("glcic", first), ("raft", last)]
    assert training.table(training.read()).splitlines()[-1] == "| `raft` | 60 | 100 | EPE | 4.0000 | 3.5000 | -12.5 % |"
